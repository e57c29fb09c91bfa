/** How somebody can sign in. */
export interface SignInWays {
  password: boolean;
  providers: { name: string; issuer: string; subject: string; linked_at: number; last_sign_in_at: number }[];
}
