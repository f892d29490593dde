import type { ComponentProps } from "react";
import { useAnswers } from "@/api/reach";

const LOOKS = {
  primary: "bg-accent text-on-accent border-accent font-semibold",
  plain: "bg-page text-text border-border hover:bg-surface",
  ghost: "border-transparent text-text hover:bg-surface",
  danger: "bg-danger text-on-danger border-danger font-semibold",
} as const;

export type ButtonLook = keyof typeof LOOKS;

/** The classes of a button, for links that look like one. */
export function buttonClass(look: ButtonLook = "plain"): string {
  const shape =
    "target inline-flex items-center justify-center gap-1.5 rounded-md border px-3 text-base whitespace-nowrap";
  return `${shape} ${LOOKS[look]} disabled:opacity-60 aria-disabled:opacity-60`;
}

type Props = ComponentProps<"button"> & { look?: ButtonLook; why?: string };

/** A button; one that may not be used now says why, and can still be reached by the keyboard to hear it. */
export function Button({ look = "plain", why: said, className = "", type = "button", onClick, ...rest }: Props) {
  const answers = useAnswers();
  // What acts on accounts is off while nobody would hear it.
  const why = look === "danger" && !answers ? "The server does not answer." : said;
  return (
    <button
      {...rest}
      type={type}
      title={why ?? rest.title}
      aria-disabled={why ? true : undefined}
      aria-description={why}
      onClick={why ? (event) => event.preventDefault() : onClick}
      className={`${buttonClass(look)} ${className}`}
    />
  );
}
