/** Sign in, and change a password that has to be changed. */
export function SignInPage() {
  return <h1>Sign in</h1>;
}
