/** A request as it came over the wire: nothing decoded, nothing joined. */
export interface SignedRequest {
  method: string;
  /** Path and query exactly as sent. */
  url: string;
  /** Lower-case names; each value of a repeated header on its own. */
  headers: Readonly<Record<string, readonly string[] | undefined>>;
  body: Uint8Array;
}

/** Why a signature was refused. `message` is fit for the caller: it tells nothing about secrets. */
export interface Refusal {
  reason: 'unsigned' | 'incomplete' | 'expired' | 'unknown key' | 'wrong token' | 'expired token' | 'mismatch' | 'wrong scope';
  message: string;
}
