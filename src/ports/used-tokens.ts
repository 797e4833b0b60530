/** Which identity tokens were used, and for what. */
export interface UsedTokens {
  /** False when this token was used for something else before. Kept until it expires (epoch milliseconds). */
  use(tokenId: string, purpose: string, expiresAt: number): Promise<boolean>;
}
