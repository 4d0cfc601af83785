/* EXPERIMENTAL_protocol_config: the rules and prices that this chain goes by. What is about
 * validators and stakes is as on the recorded node: it is told, and nothing here goes by it. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include "contract/host/fee.h"
#include "contract/serve/node.h"
#include "contract/serve/views.h"
#include "contract/wasm/meter.h"
#include "net/near/base58.h"

enum { EPOCH_BLOCKS = 500 };

/* {"execution","send_not_sir","send_sir"} */
static void
put_fee(struct json_writer *w, const char *key, enum fee fee)
{
    json_put_object(w, key);
    json_put_u64(w, "execution", fee_execution(fee));
    json_put_u64(w, "send_not_sir", fee_send(fee, false));
    json_put_u64(w, "send_sir", fee_send(fee, true));
    json_write_object_end(w);
}

static void
put_action_costs(struct json_writer *w)
{
    json_put_object(w, "action_creation_config");
    json_put_object(w, "add_key_cost");
    put_fee(w, "full_access_cost", FEE_ADD_FULL_ACCESS_KEY);
    put_fee(w, "function_call_cost", FEE_ADD_FUNCTION_CALL_KEY_BASE);
    put_fee(w, "function_call_cost_per_byte", FEE_ADD_FUNCTION_CALL_KEY_BYTE);
    json_write_object_end(w);
    put_fee(w, "create_account_cost", FEE_CREATE_ACCOUNT);
    json_put_raw(w, "delegate_cost",
                 STR("{\"execution\":200000000000,\"send_not_sir\":200000000000,"
                     "\"send_sir\":200000000000}"));
    put_fee(w, "delete_account_cost", FEE_DELETE_ACCOUNT);
    put_fee(w, "delete_key_cost", FEE_DELETE_KEY);
    put_fee(w, "deploy_contract_cost", FEE_DEPLOY_CONTRACT_BASE);
    put_fee(w, "deploy_contract_cost_per_byte", FEE_DEPLOY_CONTRACT_BYTE);
    put_fee(w, "function_call_cost", FEE_FUNCTION_CALL_BASE);
    put_fee(w, "function_call_cost_per_byte", FEE_FUNCTION_CALL_BYTE);
    put_fee(w, "stake_cost", FEE_STAKE);
    put_fee(w, "transfer_cost", FEE_TRANSFER);
    json_write_object_end(w);
}

static void
put_transaction_costs(struct json_writer *w)
{
    json_put_object(w, "transaction_costs");
    put_action_costs(w);
    put_fee(w, "action_receipt_creation_config", FEE_NEW_ACTION_RECEIPT);
    json_put_raw(w, "burnt_gas_reward", STR("[3,10]"));
    json_put_object(w, "data_receipt_creation_config");
    put_fee(w, "base_cost", FEE_NEW_DATA_RECEIPT_BASE);
    put_fee(w, "cost_per_byte", FEE_NEW_DATA_RECEIPT_BYTE);
    json_write_object_end(w);
    json_put_raw(w, "pessimistic_gas_price_inflation_ratio", STR("[1,1]"));
    json_put_object(w, "storage_usage_config");
    json_put_u64(w, "num_bytes_account", 100);
    json_put_u64(w, "num_extra_bytes_record", 40);
    json_write_object_end(w);
    json_write_object_end(w);
}

/* The gas profile's names in lower case: "STORAGE_READ_BASE" is storage_read_base here. */
static void
put_host_cost(struct json_writer *w, const char *name, uint64_t gas)
{
    char key[64];
    size_t n = 0;
    for (; name[n] && n + 1 < sizeof(key); n++)
        key[n] = (char)tolower((unsigned char)name[n]);
    key[n] = '\0';
    json_put_u64(w, key, gas);
}

static bool
is_host_cost(const char *name)
{
    static const char *const names[] = {
#define X(name, gas) #name,
#include "contract/host/cost.def"
#undef X
    };
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        if (strcmp(name, names[i]) == 0)
            return true;
    }
    return false;
}

static void
put_other_cost(struct json_writer *w, const char *name, uint64_t gas)
{
    if (!is_host_cost(name))
        put_host_cost(w, name, gas);
}

static void
put_limits(struct json_writer *w)
{
    json_put_object(w, "limit_config");
    json_put_u64(w, "account_id_validity_rules_version", 1);
    json_put_u64(w, "initial_memory_pages", 1024);
    json_put_u64(w, "max_actions_per_receipt", TX_MAX_ACTIONS);
    json_put_u64(w, "max_arguments_length", 4194304);
    json_put_u64(w, "max_contract_size", MODULE_MAX_BYTES);
    json_put_u64(w, "max_functions_number_per_contract", 10000);
    json_put_u64(w, "max_gas_burnt", 300 * TERA_GAS);
    json_put_u64(w, "max_length_method_name", 256);
    json_put_u64(w, "max_length_returned_data", 4194304);
    json_put_u64(w, "max_length_storage_key", 2048);
    json_put_u64(w, "max_length_storage_value", 4194304);
    json_put_u64(w, "max_locals_per_contract", 1000000);
    json_put_u64(w, "max_memory_pages", 2048);
    json_put_u64(w, "max_number_bytes_method_names", 2000);
    json_put_u64(w, "max_number_input_data_dependencies", 128);
    json_put_u64(w, "max_number_logs", 100);
    json_put_u64(w, "max_number_registers", 100);
    json_put_u64(w, "max_promises_per_function_call_action", 1024);
    json_put_u64(w, "max_receipt_size", 4194304);
    json_put_u64(w, "max_register_size", 104857600);
    json_put_u64(w, "max_stack_height", 262144);
    json_put_u64(w, "max_total_log_length", 16384);
    json_put_u64(w, "max_total_prepaid_gas", 300 * TERA_GAS);
    json_put_u64(w, "max_transaction_size", TX_MAX_BYTES);
    json_put_u64(w, "max_yield_payload_size", 1024);
    json_put_u64(w, "per_receipt_storage_proof_size_limit", 4000000);
    json_put_u64(w, "registers_memory_limit", 1073741824);
    json_put_u64(w, "yield_timeout_length_in_blocks", 200);
    json_write_object_end(w);
}

static void
put_wasm_config(struct json_writer *w)
{
    json_put_object(w, "wasm_config");
    json_put_bool(w, "discard_custom_sections", true);
    json_put_bool(w, "eth_implicit_accounts", true);
    json_put_object(w, "ext_costs");
#define X(name, gas) put_host_cost(w, #name, UINT64_C(gas));
#include "contract/host/cost.def"
#undef X
#define X(name, gas) put_other_cost(w, #name, UINT64_C(gas));
#include "contract/serve/config_cost.def"
#undef X
    json_write_object_end(w);
    json_put_bool(w, "fix_contract_loading_cost", false);
    json_put_bool(w, "global_contract_host_fns", true);
    json_put_u64(w, "grow_mem_cost", 1);
    json_put_bool(w, "implicit_account_creation", true);
    put_limits(w);
    json_put_bool(w, "reftypes_bulk_memory", false);
    json_put_u64(w, "regular_op_cost", METER_OP_GAS);
    json_put_bool(w, "saturating_float_to_int", true);
    json_put_c(w, "storage_get_mode", "FlatStorage");
    json_put_c(w, "vm_kind", "NearVm");
    json_write_object_end(w);
}

static void
put_index_map(struct json_writer *w, const struct chain *c, bool by_id)
{
    json_put_object(w, by_id ? "id_to_index_map" : "index_to_id_map");
    for (size_t i = 0; i < chain_shard_count(c); i++) {
        char key[24];
        uint64_t id = chain_shard_id(c, i);
        snprintf(key, sizeof(key), "%llu", (unsigned long long)(by_id ? id : i));
        json_put_u64(w, key, by_id ? i : id);
    }
    json_write_object_end(w);
}

static void
put_shard_layout(struct json_writer *w, const struct chain *c)
{
    const struct chain_config *config = chain_config_of(c);
    json_put_object(w, "shard_layout");
    json_put_object(w, "V2");
    json_put_array(w, "boundary_accounts");
    for (size_t i = 0; i < config->boundary_count; i++)
        json_write_c(w, config->boundaries[i].s);
    json_write_array_end(w);
    put_index_map(w, c, true);
    put_index_map(w, c, false);
    json_put_array(w, "shard_ids");
    for (size_t i = 0; i < chain_shard_count(c); i++)
        json_write_u64(w, chain_shard_id(c, i));
    json_write_array_end(w);
    json_put_null(w, "shards_parent_map");
    json_put_null(w, "shards_split_map");
    json_put_u64(w, "version", 0);
    json_write_object_end(w);
    json_write_object_end(w);
}

static void
put_congestion(struct json_writer *w)
{
    json_put_object(w, "congestion_control_config");
    json_put_u64(w, "allowed_shard_outgoing_gas", 1000 * TERA_GAS);
    json_put_u64(w, "max_congestion_incoming_gas", 400000 * TERA_GAS);
    json_put_u64(w, "max_congestion_memory_consumption", 1000000000);
    json_put_u64(w, "max_congestion_missed_chunks", 125);
    json_put_u64(w, "max_congestion_outgoing_gas", 10000 * TERA_GAS);
    json_put_u64(w, "max_outgoing_gas", 300000 * TERA_GAS);
    json_put_u64(w, "max_tx_gas", 500 * TERA_GAS);
    json_put_u64(w, "min_outgoing_gas", 1000 * TERA_GAS);
    json_put_u64(w, "min_tx_gas", 20 * TERA_GAS);
    json_put_u64(w, "outgoing_receipts_big_size_limit", 4718592);
    json_put_u64(w, "outgoing_receipts_usual_size_limit", 102400);
    json_put_raw(w, "reject_tx_congestion_threshold", STR("0.8"));
    json_write_object_end(w);
}

static void
put_runtime_config(struct json_writer *w)
{
    json_put_object(w, "runtime_config");
    json_put_raw(w, "account_creation_config",
                 STR("{\"min_allowed_top_level_account_length\":65,"
                     "\"registrar_account_id\":\"registrar\"}"));
    put_congestion(w);
    json_put_c(w, "storage_amount_per_byte", "10000000000000000000");
    put_transaction_costs(w);
    put_wasm_config(w);
    json_put_raw(w, "witness_config",
                 STR("{\"combined_transactions_size_limit\":4194304,"
                     "\"main_storage_proof_size_soft_limit\":4000000,"
                     "\"new_transactions_validation_state_size_soft_limit\":572864}"));
    json_write_object_end(w);
}

/* Seats, thresholds and rewards of validators. */
static void
put_staking(struct json_writer *w, const struct chain *c)
{
    json_put_raw(w, "avg_hidden_validator_seats_per_shard", STR("[]"));
    json_put_u64(w, "block_producer_kickout_threshold", 90);
    json_put_u64(w, "chunk_producer_kickout_threshold", 90);
    json_put_u64(w, "chunk_validator_only_kickout_threshold", 80);
    json_put_bool(w, "dynamic_resharding", false);
    json_put_c(w, "fishermen_threshold", "10000000000000000000000000");
    json_put_raw(w, "max_inflation_rate", STR("[1,20]"));
    json_put_u64(w, "max_kickout_stake_perc", 100);
    json_put_u64(w, "minimum_stake_divisor", 10);
    json_put_raw(w, "minimum_stake_ratio", STR("[1,6250]"));
    json_put_u64(w, "minimum_validators_per_shard", 1);
    json_put_u64(w, "num_block_producer_seats", 50);
    json_put_array(w, "num_block_producer_seats_per_shard");
    for (size_t i = 0; i < chain_shard_count(c); i++)
        json_write_u64(w, 50);
    json_write_array_end(w);
    json_put_u64(w, "num_blocks_per_year", 31536000);
    json_put_raw(w, "online_max_threshold", STR("[99,100]"));
    json_put_raw(w, "online_min_threshold", STR("[9,10]"));
    json_put_raw(w, "protocol_reward_rate", STR("[1,10]"));
    json_put_c(w, "protocol_treasury_account", chain_config_of(c)->accounts[0].id.s);
    json_put_raw(w, "protocol_upgrade_stake_threshold", STR("[4,5]"));
    json_put_bool(w, "shuffle_shard_assignment_for_chunk_producers", false);
    json_put_u64(w, "target_validator_mandates_per_shard", 68);
}

/* What the protocol's and the genesis' configuration have in common. */
static void
put_common(struct json_writer *w, const struct chain *c)
{
    put_staking(w, c);
    json_put_c(w, "chain_id", chain_config_of(c)->chain_id);
    json_put_u64(w, "epoch_length", EPOCH_BLOCKS);
    json_put_u64(w, "gas_limit", CHAIN_GAS_LIMIT);
    json_put_raw(w, "gas_price_adjustment_rate", STR("[1,100]"));
    json_put_u64(w, "genesis_height", 0);
    rpc_put_time(w, "genesis_time", chain_genesis(c)->time_ns);
    json_put_c(w, "max_gas_price", "10000000000000000000000");
    json_put_c(w, "min_gas_price", "100000000");
    json_put_u64(w, "protocol_version", CHAIN_PROTOCOL_VERSION);
    put_shard_layout(w, c);
    json_put_u64(w, "transaction_validity_period", CHAIN_VALIDITY_BLOCKS);
}

void
rpc_protocol_config(struct rpc_call *call)
{
    if (!rpc_block_in_object(call, "RpcProtocolConfigRequest"))
        return;
    json_write_object(call->w);
    put_common(call->w, call->node->chain);
    put_runtime_config(call->w);
    json_write_object_end(call->w);
}

void
rpc_genesis_config(struct rpc_call *call)
{
    struct json_writer *w = call->w;
    const struct chain *c = call->node->chain;
    const struct genesis_account *validator = &chain_config_of(c)->accounts[0];
    char key[KEY_TEXT];
    json_write_object(w);
    put_common(w, c);
    view_amount(w, "total_supply", chain_genesis(c)->total_supply);
    json_put_bool(w, "use_production_config", false);
    json_put_array(w, "validators");
    json_write_object(w);
    json_put_c(w, "account_id", validator->id.s);
    json_put_c(w, "amount", "0");
    json_put_c(w, "public_key", public_key_text(&validator->key, key));
    json_write_object_end(w);
    json_write_array_end(w);
    json_write_object_end(w);
}

/* Seconds and nanoseconds, as the node writes durations. */
static void
put_duration(struct json_writer *w, const char *key, uint64_t ms)
{
    json_put_array(w, key);
    json_write_u64(w, ms / 1000);
    json_write_u64(w, ms % 1000 * 1000000);
    json_write_array_end(w);
}

/* Of the node's long list what means something here. */
void
rpc_client_config(struct rpc_call *call)
{
    struct json_writer *w = call->w;
    const struct node *n = call->node;
    char address[32];
    snprintf(address, sizeof(address), "127.0.0.1:%d", n->port);
    json_write_object(w);
    json_put_bool(w, "archive", false);
    json_put_c(w, "chain_id", chain_config_of(n->chain)->chain_id);
    json_put_u64(w, "epoch_length", EPOCH_BLOCKS);
    json_put_u64(w, "max_gas_burnt_view", 300 * TERA_GAS);
    put_duration(w, "max_block_production_delay", n->block_time_ms);
    put_duration(w, "min_block_production_delay", n->block_time_ms);
    json_put_u64(w, "min_num_peers", 0);
    json_put_u64(w, "num_block_producer_seats", 50);
    json_put_bool(w, "produce_empty_blocks", true);
    json_put_c(w, "rpc_addr", address);
    json_put_bool(w, "save_trie_changes", true);
    json_put_bool(w, "save_tx_outcomes", true);
    json_put_bool(w, "skip_sync_wait", true);
    json_put_c(w, "tracked_shards_config", "AllShards");
    json_put_null(w, "transaction_pool_size_limit");
    json_put_u64(w, "trie_viewer_state_size_limit", RPC_STATE_VIEW_MAX);
    rpc_put_version(w);
    json_write_object_end(w);
}

/* No cold store. */
void
rpc_split_storage_info(struct rpc_call *call)
{
    struct json_writer *w = call->w;
    const struct chain *c = call->node->chain;
    json_write_object(w);
    json_put_null(w, "cold_head_height");
    json_put_u64(w, "final_head_height", chain_final(c)->height);
    json_put_u64(w, "head_height", chain_head(c)->height);
    json_put_null(w, "hot_db_kind");
    json_write_object_end(w);
}
