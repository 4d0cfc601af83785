// On the embedded chain the seed of every key that comes with it is sha256 of the account's name.
import { createHash, createPrivateKey, createPublicKey } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { baseEncode } from 'near-api-js';

const PKCS8_HEAD = Buffer.from('302e020100300506032b657004220420', 'hex');

export function wellKnownKey(name) {
    const seed = createHash('sha256').update(name).digest();
    const secret = createPrivateKey({ key: Buffer.concat([PKCS8_HEAD, seed]), format: 'der', type: 'pkcs8' });
    const publicBytes = createPublicKey(secret).export({ format: 'der', type: 'spki' }).subarray(-32);
    return { secret: `ed25519:${baseEncode(Buffer.concat([seed, publicBytes]))}`,
        public: `ed25519:${baseEncode(publicBytes)}` };
}

// node keys.mjs ACCOUNT FILE: as a node keeps its validator's key.
if (process.argv[1].endsWith('keys.mjs')) {
    const [account, file] = process.argv.slice(2);
    const key = wellKnownKey(account);
    writeFileSync(file, JSON.stringify({ account_id: account, public_key: key.public,
        secret_key: key.secret }));
}
