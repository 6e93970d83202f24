#include "compose/read_deploy.h"

#include "document/refuse.h"

#include <fmt/core.h>

#include <cmath>
#include <map>

namespace fresh::compose {
namespace {

using document::Fields;
using document::Node;

constexpr double nano = 1e9;

const Node& nothing() {
  static const Node node;
  return node;
}

const Node& at(Fields& fields, std::string_view key) {
  const Node* found = fields.find(key);
  return found == nullptr ? nothing() : *found;
}

std::optional<std::int64_t> nano_cpus(Fields& fields) {
  if (!fields.has("cpus")) {
    return std::nullopt;
  }
  const Node value = document::text_node(fields.find("cpus")->text(), fields.find("cpus")->place);
  const double cpus = value.real();
  if (!std::isfinite(cpus) || cpus < 0 || cpus > 1e6) {
    document::refuse(value.place, fmt::format("'{}' is no number of cpus", value.scalar),
                     "write a number like 0.5, from 0 to 1000000");
  }
  return std::llround(cpus * nano);
}

std::optional<std::int64_t> integer_at(Fields& fields, std::string_view key) {
  return fields.has(key) ? std::optional(fields.integer(key, 0)) : std::nullopt;
}

void agree(std::optional<std::int64_t>& own, std::optional<std::int64_t> deploy, Fields& limits,
           std::string_view own_key, std::string_view deploy_key) {
  if (own && deploy && *own != *deploy) {
    document::refuse(limits.find(deploy_key)->place,
                     fmt::format("deploy.resources says another value than '{}'", own_key),
                     "keep one of the two");
  }
  if (deploy) {
    own = deploy;
  }
}

void read_restart_policy(const Node& node, Service& service) {
  if (node.is_null()) {
    return;
  }
  Fields fields(node, "restart_policy");
  const std::string condition = fields.text("condition", "any");
  // The words of 'restart' are in use here too, and docker compose takes them.
  static const std::map<std::string, std::string, std::less<>> policies{{"always", "always"},
                                                                        {"any", "always"},
                                                                        {"no", "no"},
                                                                        {"none", "no"},
                                                                        {"on-failure", "on-failure"},
                                                                        {"unless-stopped", "unless-stopped"}};
  const auto policy = policies.find(condition);
  if (policy == policies.end()) {
    document::refuse(fields.find("condition")->place,
                     fmt::format("unknown restart condition '{}'", condition),
                     document::nearest_hint(condition, {"any", "on-failure", "none", "unless-stopped"},
                                            "write any, on-failure, none or unless-stopped"));
  }
  service.restart = policy->second;
  service.restart_written = true;
  service.restart_retries = static_cast<int>(fields.integer("max_attempts", 0));
  pass_over(fields, {"delay", "window"});
  fields.finish();
}

void read_deploy(const Node& node, Service& service, bool scale_written) {
  Fields fields(node, "deploy");
  if (fields.has("replicas")) {
    const auto replicas = static_cast<int>(fields.integer("replicas", 1));
    if (scale_written && replicas != service.scale) {
      document::refuse(fields.find("replicas")->place, "deploy.replicas says another number than 'scale'",
                       "keep one of the two");
    }
    service.scale = replicas;
  }
  read_restart_policy(at(fields, "restart_policy"), service);
  Fields resources(at(fields, "resources"), "resources");
  Fields limits(at(resources, "limits"), "limits");
  agree(service.nano_cpus, nano_cpus(limits), limits, "cpus", "cpus");
  agree(service.memory, size_at(limits, "memory"), limits, "mem_limit", "memory");
  agree(service.pids_limit, integer_at(limits, "pids"), limits, "pids_limit", "pids");
  limits.finish();
  Fields reservations(at(resources, "reservations"), "reservations");
  agree(service.memory_reservation, size_at(reservations, "memory"), reservations, "mem_reservation",
        "memory");
  if (const Node* devices = reservations.find("devices"); devices != nullptr && !devices->items.empty()) {
    service.gpu = devices->place;
  }
  pass_over(reservations, {"cpus", "generic_resources"});
  reservations.finish();
  resources.finish();
  pass_over(fields, {"mode", "placement", "update_config", "rollback_config", "endpoint_mode", "labels"});
  fields.finish();
}

}  // namespace

void pass_over(Fields& fields, std::initializer_list<std::string_view> keys) {
  for (const auto key : keys) {
    fields.find(key);
  }
}

std::optional<std::int64_t> size_at(Fields& fields, std::string_view key) {
  if (!fields.has(key)) {
    return std::nullopt;
  }
  const Node& node = *fields.find(key);
  if (node.text() == "-1") {
    return -1;
  }
  const auto size = document::parse_size(node.text());
  if (!size) {
    document::refuse(node.place, fmt::format("'{}' is no size: '{}'", key, node.scalar),
                     "write it like 512m or 2g");
  }
  return size;
}

void read_limits(Fields& fields, Service& service) {
  service.nano_cpus = nano_cpus(fields);
  service.memory = size_at(fields, "mem_limit");
  service.memory_swap = size_at(fields, "memswap_limit");
  service.memory_reservation = size_at(fields, "mem_reservation");
  service.shm_size = size_at(fields, "shm_size");
  service.cpu_shares = integer_at(fields, "cpu_shares");
  service.cpuset = fields.text("cpuset", "");
  service.pids_limit = integer_at(fields, "pids_limit");
  const bool scale_written = fields.has("scale");
  service.scale = static_cast<int>(fields.integer("scale", 1));
  read_deploy(at(fields, "deploy"), service, scale_written);
  if (service.scale < 0) {
    document::refuse(fields.node().place,
                     fmt::format("the service '{}' cannot have {} containers", service.name, service.scale),
                     "write 0 or more");
  }
}

}  // namespace fresh::compose
