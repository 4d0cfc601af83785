/* EXPERIMENTAL_protocol_config: the rules and prices that this chain goes by. Where the real
 * node's answer has more, it is about validators, or about what is not here. */
#include <ctype.h>
#include <stdio.h>
#include "contract/host/fee.h"
#include "contract/serve/node.h"
#include "contract/wasm/meter.h"

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

static void
put_limits(struct json_writer *w)
{
    json_put_object(w, "limit_config");
    json_put_u64(w, "account_id_validity_rules_version", 1);
    json_put_u64(w, "initial_memory_pages", 1024);
    json_put_u64(w, "max_actions_per_receipt", TX_MAX_ACTIONS);
    json_put_u64(w, "max_arguments_length", 4194304);
    json_put_u64(w, "max_contract_size", MODULE_MAX_BYTES);
    json_put_u64(w, "max_gas_burnt", 300 * TERA_GAS);
    json_put_u64(w, "max_length_method_name", 256);
    json_put_u64(w, "max_length_returned_data", 4194304);
    json_put_u64(w, "max_length_storage_key", 2048);
    json_put_u64(w, "max_length_storage_value", 4194304);
    json_put_u64(w, "max_memory_pages", 2048);
    json_put_u64(w, "max_number_bytes_method_names", 2000);
    json_put_u64(w, "max_number_input_data_dependencies", 128);
    json_put_u64(w, "max_number_logs", 100);
    json_put_u64(w, "max_number_registers", 100);
    json_put_u64(w, "max_promises_per_function_call_action", 1024);
    json_put_u64(w, "max_receipt_size", 4194304);
    json_put_u64(w, "max_stack_height", 262144);
    json_put_u64(w, "max_total_log_length", 16384);
    json_put_u64(w, "max_total_prepaid_gas", 300 * TERA_GAS);
    json_put_u64(w, "max_transaction_size", TX_MAX_BYTES);
    json_write_object_end(w);
}

static void
put_wasm_config(struct json_writer *w)
{
    json_put_object(w, "wasm_config");
    json_put_object(w, "ext_costs");
#define X(name, gas) put_host_cost(w, #name, UINT64_C(gas));
#include "contract/host/cost.def"
#undef X
    json_write_object_end(w);
    json_put_u64(w, "grow_mem_cost", 1);
    put_limits(w);
    json_put_u64(w, "regular_op_cost", METER_OP_GAS);
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
put_runtime_config(struct json_writer *w)
{
    json_put_object(w, "runtime_config");
    json_put_raw(w, "account_creation_config",
                 STR("{\"min_allowed_top_level_account_length\":65,"
                     "\"registrar_account_id\":\"registrar\"}"));
    json_put_raw(w, "congestion_control_config",
                 STR("{\"reject_tx_congestion_threshold\":0.8}"));
    json_put_c(w, "storage_amount_per_byte", "10000000000000000000");
    put_transaction_costs(w);
    put_wasm_config(w);
    json_write_object_end(w);
}

void
rpc_protocol_config(struct rpc_call *call)
{
    struct json_writer *w = call->w;
    const struct chain *c = call->node->chain;
    if (!rpc_block_of(call, call->params, false))
        return;
    json_write_object(w);
    json_put_c(w, "chain_id", chain_config_of(c)->chain_id);
    json_put_u64(w, "epoch_length", 500);
    json_put_u64(w, "gas_limit", CHAIN_GAS_LIMIT);
    json_put_raw(w, "gas_price_adjustment_rate", STR("[1,100]"));
    json_put_u64(w, "genesis_height", 0);
    rpc_put_time(w, "genesis_time", chain_genesis(c)->time_ns);
    json_put_c(w, "max_gas_price", "2000000000");
    json_put_c(w, "min_gas_price", "100000000");
    json_put_u64(w, "protocol_version", CHAIN_PROTOCOL_VERSION);
    put_runtime_config(w);
    put_shard_layout(w, c);
    json_put_u64(w, "transaction_validity_period", CHAIN_VALIDITY_BLOCKS);
    json_write_object_end(w);
}
