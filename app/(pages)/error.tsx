"use client";

import { OurFault } from "#components/our-fault.tsx";

export default OurFault;
