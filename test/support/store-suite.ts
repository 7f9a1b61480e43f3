/** The store's contract as tests, run on every database the same way. */
import type { Clock } from '../../src/core/clock.ts';
import type { Store } from '../../src/store/store.ts';
import { accessRequestTests } from './store/access-request-tests.ts';
import { objectTests } from './store/object-tests.ts';
import { policyTests } from './store/policy-tests.ts';
import { accountTests } from './store/account-tests.ts';
import { invitationTests } from './store/invitation-tests.ts';
import { recordTests } from './store/record-tests.ts';
import { transactionTests } from './store/transaction-tests.ts';

/** One empty database. */
export interface TestDatabase {
  /** Opens a store on it; again after the one before was closed. */
  open(clock?: Clock): Promise<Store>;
  remove(): Promise<void>;
}

/** Gives each test a store on an empty database. */
export interface StoreContext {
  readonly store: Store;
  /** Closes the store and opens it again. */
  reopen(): Promise<Store>;
}

/** Declares the suite; `create` makes a fresh database for each test. */
export function storeSuite(create: () => Promise<TestDatabase>): void {
  let database: TestDatabase;
  let store: Store;
  const context: StoreContext = {
    get store() {
      return store;
    },
    async reopen() {
      await store.close();
      store = await database.open();
      return store;
    },
  };
  beforeEach(async () => {
    database = await create();
    store = await database.open();
  });
  afterEach(async () => {
    await store.close();
    await database.remove();
  });
  describe('accounts', () => accountTests(context));
  describe('policy', () => policyTests(context));
  describe('invitations', () => invitationTests(context));
  describe('requests for access', () => accessRequestTests(context));
  describe('records', () => recordTests(context));
  describe('objects and documents', () => objectTests(context));
  describe('transactions', () => transactionTests(context));
}
