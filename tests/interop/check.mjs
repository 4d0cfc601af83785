// A few words for tests: cases run one after another, and a line tells of each.
const cases = [];

export function test(name, body) {
    cases.push({ name, body });
}

// What went wrong, with all that the library knows of it.
export async function refusal(promise) {
    try {
        await promise;
    } catch (error) {
        return error;
    }
    throw new Error('it went well, and should not have');
}

export function textOf(error) {
    const known = new Set();
    const text = JSON.stringify(error, (key, value) => {
        if (typeof value === 'bigint') return value.toString();
        if (value && typeof value === 'object') {
            if (known.has(value)) return undefined;
            known.add(value);
        }
        return value;
    });
    return `${error.name}: ${error.message} ${text} ${error.cause ? textOf(error.cause) : ''}`;
}

export async function expectRefusal(promise, ...words) {
    const text = textOf(await refusal(promise));
    for (const word of words) {
        if (!text.includes(word)) throw new Error(`expected "${word}" in: ${text}`);
    }
}

// Until it goes well; what goes wrong for ten seconds is told.
export async function waitFor(attempt) {
    const end = Date.now() + 10000;
    for (;;) {
        try {
            return await attempt();
        } catch (error) {
            if (Date.now() > end) throw error;
            await new Promise((resolve) => setTimeout(resolve, 50));
        }
    }
}

export async function run() {
    let passed = 0, failed = 0;
    for (const { name, body } of cases) {
        try {
            await body();
            passed++;
            console.log(`ok      ${name}`);
        } catch (error) {
            failed++;
            console.log(`FAILED  ${name}: ${textOf(error)}`);
        }
    }
    console.log(`${passed} passed, ${failed} failed`);
    process.exitCode = failed ? 1 : 0;
}
