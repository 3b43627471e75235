declare const advised: unique symbol;

/** Advice in the place of a type: the compiler quotes it where it refuses, and no value is of this type. */
export type Advice<Words extends string> = Words & { readonly [advised]: never };
