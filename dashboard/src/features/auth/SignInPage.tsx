import { useNavigate, useRouter, useSearch } from "@tanstack/react-router";
import { useEffect } from "react";
import { useSession } from "@/api/auth";
import { PasswordForm } from "./PasswordForm";
import { SignInForm } from "./SignInForm";

/** Only addresses of this dashboard are gone back to. */
export function safeReturn(to: string | undefined): string {
  return to?.startsWith("/") && !to.startsWith("//") && !to.startsWith("/\\") ? to : "/";
}

/** Sign in, change a one-time password, and back to where one came from. */
export function SignInPage() {
  const { to } = useSearch({ from: "/sign-in" });
  const session = useSession();
  const navigate = useNavigate();
  const router = useRouter();
  const isIn = session && !session.mustChange;
  useEffect(() => {
    document.title = "Sign in · Tradewright";
    if (isIn) router.history.replace(safeReturn(to));
  }, [isIn, to, router]);
  return (
    <div className="flex min-h-dvh flex-col items-center justify-center bg-surface p-4">
      <main className="flex w-full max-w-96 flex-col gap-4 rounded-md border border-line bg-page p-6">
        <div className="flex items-center gap-2.5">
          <img src="/icon.svg" alt="" className="size-7" />
          <h1 className="font-semibold text-xl">
            {session?.mustChange ? "Choose a password" : "Sign in to Tradewright"}
          </h1>
        </div>
        {session?.mustChange ? (
          <PasswordForm onCancel={() => navigate({ to: "/sign-in" })} />
        ) : (
          <SignInForm disabled={Boolean(isIn)} />
        )}
      </main>
    </div>
  );
}
