// near-api-js, unmodified, as a dapp would use it: node near_api_js.mjs URL FOLDER-OF-WASM
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { Account, JsonRpcProvider, KeyPair, KeyPairSigner, actions, nearToYocto, teraToGas,
    keyToImplicitAddress } from 'near-api-js';
import { test, run, expectRefusal, refusal, textOf, waitFor } from './check.mjs';
import { wellKnownKey } from './keys.mjs';

const [url, wasmFolder] = process.argv.slice(2);
const provider = new JsonRpcProvider({ url });
const wasm = (name) => new Uint8Array(readFileSync(`${wasmFolder}/${name}.wasm`));

const accountWith = (name, key) => new Account(name, provider, new KeyPairSigner(key));
const root = accountWith('test.near', KeyPair.fromString(wellKnownKey('test.near').secret));
const keys = {};
const accounts = {};

async function makeAccount(name, contract) {
    keys[name] = KeyPair.fromRandom('ed25519');
    await root.createSubAccount({ accountOrPrefix: `${name}.test.near`,
        publicKey: keys[name].getPublicKey(), nearToTransfer: nearToYocto(100) });
    accounts[name] = accountWith(`${name}.test.near`, keys[name]);
    if (contract) await accounts[name].deployContract(wasm(contract));
    return accounts[name];
}

const mint = (amount) => accounts.token.callFunction({ contractId: 'token.test.near',
    methodName: 'mint', args: { account_id: 'alice.test.near', amount } });
const setMode = (name, mode) => accounts[name].callFunction({ contractId: `${name}.test.near`,
    methodName: 'set_mode', args: { mode } });
const portfolio = (waitUntil = 'FINAL') => accounts.alice.callFunctionRaw({
    contractId: 'portfolio.test.near', methodName: 'get_portfolio_data', gas: teraToGas(100),
    args: { user: 'alice.test.near', token_contract: 'token.test.near',
        lending_contract: 'lending.test.near', staking_contract: 'staking.test.near' }, waitUntil });

test('the node tells of itself', async () => {
    const status = await provider.viewNodeStatus();
    assert.equal(status.chain_id, await provider.getNetworkId());
    assert.equal(status.protocol_version, 79);
    assert.equal(status.sync_info.syncing, false);
});

test('accounts are created, with their balance', async () => {
    await makeAccount('alice');
    await makeAccount('bob');
    const state = await accounts.alice.getState();
    assert.equal(state.balance.total, nearToYocto(100));
    assert.equal(state.balance.locked, 0n);
    assert.equal(state.storageUsage, 182);
});

test('contracts are deployed, and their code can be read', async () => {
    for (const name of ['token', 'lending', 'staking']) await makeAccount(name, 'leaf');
    await makeAccount('portfolio', 'portfolio');
    const code = await accounts.token.getContractCode();
    assert.deepEqual(new Uint8Array(code.code), wasm('leaf'));
    for (const name of ['token', 'lending', 'staking']) await setMode(name, 'none');
});

test('a call changes the state, a view reads it', async () => {
    await mint(1250000000);
    const balance = await provider.callFunction({ contractId: 'token.test.near',
        method: 'ft_balance_of', args: { account_id: 'alice.test.near' } });
    assert.equal(balance, '1250000000');
    const state = await accounts.token.getContractState();
    assert.equal(state.values.length, 2);
});

test('a call through four contracts answers with all of it', async () => {
    const outcome = await portfolio();
    assert.equal(outcome.final_execution_status, 'FINAL');
    const value = JSON.parse(Buffer.from(outcome.status.SuccessValue, 'base64'));
    assert.equal(value.balance, '1250000000');
    assert.ok(value.lending && value.staking);
});

test('a branch that fails is seen, though the call succeeds', async () => {
    await setMode('lending', 'panic');
    const outcome = await portfolio();
    const value = JSON.parse(Buffer.from(outcome.status.SuccessValue, 'base64'));
    assert.equal(value.lending, null);
    const failed = outcome.receipts_outcome.filter((o) => o.outcome.status.Failure);
    assert.equal(failed.length, 1);
    assert.equal(failed[0].outcome.executor_id, 'lending.test.near');
    assert.match(JSON.stringify(failed[0].outcome.status), /Smart contract panicked/);
    await setMode('lending', 'none');
});

test('receipts can be asked for, and the status with them', async () => {
    const outcome = await portfolio();
    const again = await provider.viewTransactionStatusWithReceipts({
        txHash: outcome.transaction.hash, accountId: 'alice.test.near', waitUntil: 'FINAL' });
    assert.equal(again.receipts.length, outcome.receipts_outcome.length);
    const receipt = await provider.viewTransactionReceipt(again.receipts[1].receipt_id);
    assert.equal(receipt.predecessor_id, 'portfolio.test.near');
});

test('a panic is told, in the contract\'s own words', () => expectRefusal(
    accounts.alice.callFunction({ contractId: 'token.test.near', methodName: 'boom' }),
    'Smart contract panicked', 'boom: the third action of the batch fails'));

test('a method that is not there is told', () => expectRefusal(
    accounts.alice.callFunction({ contractId: 'token.test.near', methodName: 'nope' }),
    'MethodNotFound'));

test('a view of a method that is not there is told', () => expectRefusal(
    provider.callFunction({ contractId: 'token.test.near', method: 'nope', args: {} }),
    'MethodNotFound'));

test('a view that panics is told', () => expectRefusal(
    provider.callFunction({ contractId: 'token.test.near', method: 'boom', args: {} }),
    'boom: the third action of the batch fails'));

test('an account that is not there is told', () => expectRefusal(
    provider.viewAccount({ accountId: 'nobody.test.near' }),
    'nobody.test.near'));

test('a call to an account that is not there is told', () => expectRefusal(
    accounts.alice.callFunction({ contractId: 'nobody.test.near', methodName: 'x' }),
    'nobody.test.near'));

test('too little balance is told', () => expectRefusal(
    accounts.alice.transfer({ receiverId: 'bob.test.near', amount: nearToYocto(1000000) }),
    'NotEnoughBalance'));

test('a nonce that was used is told', async () => {
    const signed = await accounts.alice.createSignedTransaction({ receiverId: 'bob.test.near',
        actions: [actions.transfer(1n)] });
    await provider.sendTransaction(signed);
    const old = await accounts.alice.createTransaction({ receiverId: 'bob.test.near',
        actions: [actions.transfer(2n)], publicKey: keys.alice.getPublicKey() });
    old.nonce = 1n;
    const { signedTransaction } = await new KeyPairSigner(keys.alice).signTransaction(old);
    await expectRefusal(provider.sendTransaction(signedTransaction), 'InvalidNonce');
});

test('a key that does not belong to the account is told', () => expectRefusal(
    accountWith('alice.test.near', KeyPair.fromRandom('ed25519'))
        .transfer({ receiverId: 'bob.test.near', amount: 1n }),
    'AccessKeyDoesNotExist'));

test('tokens are sent', async () => {
    const before = (await accounts.bob.getState()).balance.total;
    await accounts.alice.transfer({ receiverId: 'bob.test.near', amount: nearToYocto(1) });
    assert.equal((await accounts.bob.getState()).balance.total, before + nearToYocto(1));
});

test('an implicit account comes into being', async () => {
    const key = KeyPair.fromRandom('ed25519');
    const name = keyToImplicitAddress(key.getPublicKey());
    await accounts.alice.transfer({ receiverId: name, amount: nearToYocto(1) });
    await accountWith(name, key).transfer({ receiverId: 'bob.test.near', amount: 1n });
    assert.ok((await provider.viewAccount({ accountId: name })).amount > 0n);
});

test('a full access key is added, used, and deleted', async () => {
    const key = KeyPair.fromRandom('ed25519');
    await accounts.alice.addFullAccessKey(key.getPublicKey());
    assert.equal((await accounts.alice.getAccessKeyList()).keys.length, 2);
    await accountWith('alice.test.near', key).transfer({ receiverId: 'bob.test.near', amount: 1n });
    await accounts.alice.deleteKey(key.getPublicKey());
    assert.equal((await accounts.alice.getAccessKeyList()).keys.length, 1);
    await expectRefusal(accounts.alice.deleteKey(key.getPublicKey()), key.getPublicKey().toString());
});

test('a key for one contract calls it, and nothing else', async () => {
    const key = KeyPair.fromRandom('ed25519');
    await accounts.alice.addFunctionCallAccessKey({ publicKey: key.getPublicKey(),
        contractId: 'token.test.near', methodNames: ['get_rewards'], allowance: nearToYocto(1) });
    const limited = accountWith('alice.test.near', key);
    await limited.callFunction({ contractId: 'token.test.near', methodName: 'get_rewards',
        args: { account_id: 'alice.test.near' } });
    const view = await provider.viewAccessKey({ accountId: 'alice.test.near',
        publicKey: key.getPublicKey() });
    assert.ok(BigInt(view.permission.FunctionCall.allowance) < nearToYocto(1));
    await expectRefusal(limited.callFunction({ contractId: 'lending.test.near',
        methodName: 'get_rewards', args: {} }), 'ReceiverMismatch');
    await expectRefusal(limited.callFunction({ contractId: 'token.test.near',
        methodName: 'boom', args: {} }), 'MethodNameMismatch');
});

test('a meta-transaction is relayed', async () => {
    const { signedDelegate } = await accounts.alice.createSignedMetaTransaction({
        receiverId: 'token.test.near', blockHeightTtl: 60, actions: [actions.functionCall(
            'get_rewards', { account_id: 'alice.test.near' }, teraToGas(10), 0n)] });
    // Answered as soon as the first receipt has run: the rest is asked for.
    const sent = await accounts.bob.relayMetaTransaction(signedDelegate);
    const outcome = await provider.viewTransactionStatus({ txHash: sent.transaction.hash,
        accountId: 'bob.test.near', waitUntil: 'FINAL' });
    const ran = outcome.receipts_outcome.map((o) => o.outcome.executor_id);
    assert.ok(ran.includes('alice.test.near') && ran.includes('token.test.near'));
    assert.ok(outcome.receipts_outcome.every((o) => !o.outcome.status.Failure));
});

test('a contract of all is deployed once, and used', async () => {
    await accounts.token.deployGlobalContract(wasm('leaf'), 'accountId');
    await makeAccount('user');
    await waitFor(() => provider.viewGlobalContractCode({
        identifier: { accountId: 'token.test.near' } }));
    await accounts.user.useGlobalContract({ accountId: 'token.test.near' });
    await accounts.user.callFunction({ contractId: 'user.test.near', methodName: 'mint',
        args: { account_id: 'user.test.near', amount: 3 } });
    assert.equal(await provider.callFunction({ contractId: 'user.test.near',
        method: 'ft_balance_of', args: { account_id: 'user.test.near' } }), '3');
});

test('blocks, chunks and prices are told', async () => {
    const block = await provider.viewBlock({ finality: 'final' });
    const same = await provider.viewBlock({ blockId: block.header.height });
    assert.deepEqual(same, block);
    assert.deepEqual(await provider.viewBlock({ blockId: block.header.hash }), block);
    const chunk = await provider.viewChunk(block.chunks[0].chunk_hash);
    assert.equal(chunk.header.chunk_hash, block.chunks[0].chunk_hash);
    assert.equal((await provider.viewGasPrice()).gas_price, '100000000');
    await expectRefusal(provider.viewBlock({ blockId: 99999999 }), 'UnknownBlock');
});

test('validators and the protocol\'s configuration are told', async () => {
    const validators = await provider.viewValidators();
    assert.equal(validators.current_validators[0].account_id, 'test.near');
    const config = await provider.experimental_protocolConfig({ finality: 'final' });
    assert.equal(config.runtime_config.wasm_config.limit_config.max_total_prepaid_gas,
        300000000000000);
});

test('what a block changed is told, by its cause', async () => {
    const outcome = await accounts.token.callFunctionRaw({ contractId: 'token.test.near',
        methodName: 'mint', args: { account_id: 'alice.test.near', amount: 7 } });
    const block = outcome.receipts_outcome[0];
    const data = await provider.contractStateChanges(['token.test.near'],
        { blockId: block.block_hash });
    assert.equal(data.changes[0].cause.receipt_hash, block.id);
    const touched = await provider.blockChanges({ blockId: block.block_hash });
    assert.ok(touched.changes.some((c) => c.type === 'data_touched'));
});

test('the state of an earlier block is still known', async () => {
    const now = await provider.viewBlock({ finality: 'final' });
    const before = await provider.viewAccount({ accountId: 'bob.test.near',
        blockQuery: { blockId: now.header.height } });
    await accounts.alice.transfer({ receiverId: 'bob.test.near', amount: 5n });
    const then = await provider.viewAccount({ accountId: 'bob.test.near',
        blockQuery: { blockId: now.header.height } });
    assert.equal(then.amount, before.amount);
});

test('an account is deleted, and gone', async () => {
    await accounts.bob.deleteAccount('alice.test.near');
    const error = await refusal(provider.viewAccount({ accountId: 'bob.test.near' }));
    assert.match(textOf(error), /bob\.test\.near/);
});

await run();
