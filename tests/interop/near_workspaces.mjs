// near-workspaces, unmodified, with neartop where it expects the sandbox:
// node near_workspaces.mjs FOLDER-OF-WASM
import assert from 'node:assert/strict';
import { Worker } from 'near-workspaces';
import { test, run } from './check.mjs';

const [wasmFolder] = process.argv.slice(2);
let worker, root, leaf;

test('a worker starts its sandbox', async () => {
    worker = await Worker.init();
    root = worker.rootAccount;
    assert.equal(root.accountId, 'test.near');
});

test('accounts and contracts are made', async () => {
    leaf = await root.createSubAccount('leaf');
    await leaf.deploy(`${wasmFolder}/leaf.wasm`);
    await root.call(leaf, 'mint', { account_id: 'a.near', amount: 9 });
    assert.equal(await leaf.view('ft_balance_of', { account_id: 'a.near' }), '9');
});

test('the state is patched', async () => {
    await leaf.patchState('b:b.near', Buffer.from('77'));
    assert.equal(await leaf.view('ft_balance_of', { account_id: 'b.near' }), '77');
    assert.equal((await leaf.viewStateRaw()).length, 2);
});

test('time is passed by', async () => {
    const height = async () =>
        (await worker.provider.block({ finality: 'optimistic' })).header.height;
    const before = await height();
    await worker.provider.fastForward(1000);
    assert.ok(await height() >= before + 1000);
});

test('a failure is told', async () => {
    const result = await root.callRaw(leaf, 'boom', {});
    assert.ok(result.failed);
    assert.match(result.receiptFailureMessages.join(), /boom: the third action of the batch fails/);
});

test('the worker ends its sandbox', () => worker.tearDown());

await run();
