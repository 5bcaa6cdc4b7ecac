declare const brand: unique symbol;
type Branded<Name extends string> = string & { readonly [brand]: Name };

/** The transaction: FIPA's conversation-id, equal on all messages of one negotiation. */
export type ConversationId = Branded<'ConversationId'>;
export type SlaId = Branded<'SlaId'>;
export type ProposalId = Branded<'ProposalId'>;
export type ContractId = Branded<'ContractId'>;
export type MoveId = Branded<'MoveId'>;

/** Marks a text that was checked, or made by us, as an id. */
export function id<Id extends Branded<string>>(text: string): Id {
  return text as Id;
}
