/** What can be done to a mail. */
export const MAIL_ACTS = {
  "send-again": {
    title: "Send this mail again?",
    submit: "Send it again",
    look: "primary",
    will: "It is tried at once. If it fails once more, it waits or is given up as before.",
    done: "mail-sent-again",
  },
  "give-up": {
    title: "Give this mail up?",
    submit: "Give it up",
    look: "grave",
    will: "It is not tried any more. It stands among those given up for thirty days, and can be sent again from there.",
    done: "mail-given-up",
  },
} as const;

export type MailActName = keyof typeof MAIL_ACTS;

export const isMailAct = (name: string): name is MailActName => Object.hasOwn(MAIL_ACTS, name);
