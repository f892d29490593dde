/**
 * Where the server is, as `https://host`: that which sent the page, or the one that the page names in its head. The name
 * is written there by the build (`VITE_SERVER`) or by whoever serves the files, for it is plain text.
 */
function named(): string {
  const said = document.querySelector('meta[name="tradewright-server"]')?.getAttribute("content")?.trim();
  return said ? new URL(said).origin : window.location.origin;
}

export const SERVER = named();

/** Whether the page came from elsewhere: then cookies travel only where it is asked for. */
export const isElsewhere = SERVER !== window.location.origin;
