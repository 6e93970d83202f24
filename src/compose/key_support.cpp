#include "compose/key_support.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>

namespace fresh::compose {
namespace {

using document::Kind;
using document::Node;

constexpr Support applied = Support::applied;
constexpr Support approximated = Support::approximated;
constexpr Support ignored = Support::ignored;

constexpr KeyRule nowhere(std::string_view key, std::string_view reason, std::string_view usual = {}) {
  return {.key = key, .podman = ignored, .docker = ignored, .reason = reason, .usual = usual};
}

constexpr std::string_view no_build = "the build does not get it";
constexpr std::string_view no_cluster = "one engine is no cluster";
constexpr std::string_view no_windows = "engines for Windows alone have it";
constexpr std::string_view no_limit = "the limit is not set";
constexpr std::string_view no_endpoint = "an endpoint gets aliases, addresses and a MAC address alone";
constexpr std::string_view no_material = "its bytes are sent as a file, without more";

constexpr std::array rules{
    nowhere("configs.*.labels", no_material),
    nowhere("configs.*.template_driver", no_material),
    nowhere("models", "engines run no models"),
    nowhere("networks.*.enable_ipv4", "networks have IPv4", "true"),
    nowhere("networks.*.ipam.config.*.aux_addresses", "no address is kept free; give 'ip_range'"),
    nowhere("networks.*.ipam.driver", "the engine's own driver gives addresses", "default"),
    nowhere("networks.*.ipam.options", "the engine's own driver gives addresses"),
    nowhere("secrets.*.driver", no_material),
    nowhere("secrets.*.driver_opts", no_material),
    nowhere("secrets.*.labels", no_material),
    nowhere("secrets.*.template_driver", no_material),
    KeyRule{.key = "services.*.annotations",
            .podman = applied,
            .docker = applied,
            .reason = "Docker has annotations from API 1.43 on",
            .docker_since = "1.43"},
    nowhere("services.*.blkio_config", no_limit),
    KeyRule{.key = "services.*.build.additional_contexts",
            .podman = approximated,
            .docker = approximated,
            .reason = "each that the Dockerfile names becomes a stage of it; one at an address is refused"},
    KeyRule{.key = "services.*.build.cache_from",
            .podman = ignored,
            .docker = applied,
            .reason = "Podman builds from its own cache"},
    nowhere("services.*.build.cache_to", no_build),
    nowhere("services.*.build.entitlements", no_build),
    nowhere("services.*.build.isolation", no_build),
    nowhere("services.*.build.no_cache_filter", no_build),
    KeyRule{.key = "services.*.build.platforms",
            .podman = approximated,
            .docker = approximated,
            .reason = "one image is built: for the service's platform, else the only one, else the engine's"},
    nowhere("services.*.build.privileged", no_build),
    nowhere("services.*.build.provenance", no_build),
    nowhere("services.*.build.sbom", no_build),
    KeyRule{.key = "services.*.build.secrets",
            .podman = applied,
            .docker = ignored,
            .reason = "Docker's builder has none without BuildKit; a Dockerfile that mounts one is refused"},
    nowhere("services.*.build.ssh", "no agent is handed on; a Dockerfile that mounts one is refused"),
    nowhere("services.*.cgroup", "the engine chooses the cgroup namespace"),
    nowhere("services.*.cpu_count", no_windows),
    nowhere("services.*.cpu_percent", no_windows),
    nowhere("services.*.cpu_period", "write 'cpus'"),
    nowhere("services.*.cpu_quota", "write 'cpus'"),
    nowhere("services.*.cpu_rt_period", no_limit),
    nowhere("services.*.cpu_rt_runtime", no_limit),
    nowhere("services.*.credential_spec", no_windows),
    nowhere("services.*.deploy.endpoint_mode", no_cluster),
    nowhere("services.*.deploy.labels", no_cluster),
    nowhere("services.*.deploy.mode", no_cluster, "replicated"),
    nowhere("services.*.deploy.placement", no_cluster),
    nowhere("services.*.deploy.resources.reservations.cpus", no_cluster),
    nowhere("services.*.deploy.resources.reservations.generic_resources", no_cluster),
    nowhere("services.*.deploy.restart_policy.delay", "the engine chooses how long it waits"),
    nowhere("services.*.deploy.restart_policy.window", "the engine chooses how long it waits"),
    nowhere("services.*.deploy.rollback_config", no_cluster),
    nowhere("services.*.deploy.update_config", no_cluster),
    nowhere("services.*.develop", "nothing watches the sources; write 'up --build'"),
    nowhere("services.*.device_cgroup_rules", "write 'devices'"),
    KeyRule{.key = "services.*.domainname",
            .podman = ignored,
            .docker = applied,
            .reason = "Podman's API has no domain name; write it into 'hostname'"},
    nowhere("services.*.external_links", "join the other project's network by 'external: true'"),
    KeyRule{.key = "services.*.healthcheck.start_interval",
            .podman = approximated,
            .docker = approximated,
            .reason = "probes begin after 0.01 s and become rarer, up to 'interval'"},
    nowhere("services.*.isolation", no_windows),
    KeyRule{.key = "services.*.links",
            .podman = approximated,
            .docker = approximated,
            .reason = "the order holds, and services find each other by name; an alias goes to 'aliases'"},
    nowhere("services.*.mac_address", "write it at the network: 'networks.<name>.mac_address'"),
    nowhere("services.*.mem_swappiness", no_limit),
    nowhere("services.*.models", "engines run no models"),
    nowhere("services.*.networks.*.driver_opts", no_endpoint),
    nowhere("services.*.networks.*.gw_priority", no_endpoint),
    nowhere("services.*.networks.*.interface_name", no_endpoint),
    nowhere("services.*.networks.*.link_local_ips", no_endpoint),
    KeyRule{.key = "services.*.networks.*.mac_address",
            .podman = applied,
            .docker = applied,
            .reason = "Docker takes it at the network from API 1.44 on",
            .docker_since = "1.44"},
    KeyRule{.key = "services.*.networks.*.priority",
            .podman = ignored,
            .docker = applied,
            .reason = "Podman connects all networks at once"},
    nowhere("services.*.oom_kill_disable", no_limit),
    nowhere("services.*.oom_score_adj", no_limit),
    nowhere("services.*.ports.*.app_protocol", "engines have no use for it"),
    KeyRule{.key = "services.*.ports.*.mode",
            .podman = approximated,
            .docker = approximated,
            .reason = "every port is published on the engine's host",
            .usual = "ingress"},
    nowhere("services.*.pre_start", "only 'post_start' and 'pre_stop' run"),
    nowhere("services.*.provider", "no program beside the engine is asked"),
    nowhere("services.*.pull_refresh_after", "write 'pull_policy'"),
    nowhere("services.*.storage_opt", no_limit),
    nowhere("services.*.use_api_socket", "a container gets no engine's socket; mount it"),
    nowhere("services.*.volumes.*.bind.recursive", "a bind takes the mounts below it along"),
    nowhere("services.*.volumes.*.consistency", "Docker Desktop alone has it"),
    nowhere("services.*.volumes.*.volume.labels", "write them at the volume: 'volumes.<name>.labels'"),
    KeyRule{.key = "services.*.volumes.*.volume.subpath",
            .podman = applied,
            .docker = applied,
            .reason = "Docker has it from API 1.45 on",
            .docker_since = "1.45"},
    nowhere("services.*.volumes_from", "name the volumes in both services"),
};
static_assert(std::is_sorted(rules.begin(), rules.end(),
                             [](const KeyRule& a, const KeyRule& b) { return a.key < b.key; }));

bool asks_for_nothing(const Node& node, const KeyRule& rule) {
  switch (node.kind) {
    case Kind::list:
      return node.items.empty();
    case Kind::map:
      return node.entries.empty();
    default:
      return node.is_null() || node.scalar.empty() || node.scalar == "false" || node.scalar == "0" ||
             (!rule.usual.empty() && node.scalar == rule.usual);
  }
}

class Search {
 public:
  Search(const KeyRule& rule, const std::vector<std::string>& inactive, std::vector<KeyUse>& uses)
      : rule_(rule), inactive_(inactive), uses_(uses) {}

  /// `rest` is what is left of the rule's key below `node`, which lies at `path`.
  void visit(const Node& node, const std::string& path, std::string_view rest) {
    if (rest.empty()) {
      if (!asks_for_nothing(node, rule_)) {
        uses_.push_back({std::string(rule_.key), path, node.place});
      }
      return;
    }
    const auto dot = std::min(rest.find('.'), rest.size());
    const std::string_view part = rest.substr(0, dot);
    rest.remove_prefix(std::min(dot + 1, rest.size()));
    if (part != "*") {
      if (const Node* found = node.find(part)) {
        visit(*found, path.empty() ? std::string(part) : fmt::format("{}.{}", path, part), rest);
      }
      return;
    }
    for (const auto& entry : node.entries) {
      const bool sleeps =
          path == "services" && std::binary_search(inactive_.begin(), inactive_.end(), entry.key);
      if (!sleeps) {
        visit(entry.value, fmt::format("{}.{}", path, entry.key), rest);
      }
    }
    for (std::size_t i = 0; i < node.items.size(); ++i) {
      visit(node.items[i], fmt::format("{}.{}", path, i), rest);
    }
  }

 private:
  const KeyRule& rule_;
  const std::vector<std::string>& inactive_;
  std::vector<KeyUse>& uses_;
};

const KeyRule& rule_of(const std::string& key) {
  return *std::lower_bound(rules.begin(), rules.end(), key,
                           [](const KeyRule& rule, const std::string& wanted) { return rule.key < wanted; });
}

Support on_docker(const KeyRule& rule, std::string_view api) {
  const bool too_old = !rule.docker_since.empty() && engine::api_older(api, rule.docker_since);
  return too_old ? ignored : rule.docker;
}

/// ` by Podman`, where the engines differ.
std::string_view by_whom(const KeyRule& rule, const std::optional<engine::Version>& version) {
  if (version || rule.podman == rule.docker) {
    return {};
  }
  return rule.podman > rule.docker ? " by Podman" : " by Docker";
}

}  // namespace

std::string_view shown(Support support) {
  switch (support) {
    case Support::applied:
      return "applied";
    case Support::approximated:
      return "approximated";
    case Support::ignored:
      return "ignored";
  }
  return "ignored";
}

std::span<const KeyRule> key_rules() {
  return rules;
}

std::vector<KeyUse> key_uses(const Node& root, const std::vector<std::string>& inactive) {
  std::vector<KeyUse> uses;
  for (const auto& rule : rules) {
    Search(rule, inactive, uses).visit(root, {}, rule.key);
  }
  return uses;
}

Support support_of(const KeyRule& rule, const std::optional<engine::Version>& version) {
  if (!version) {
    return std::max(rule.podman, rule.docker);
  }
  return version->flavor == engine::Flavor::podman ? rule.podman : on_docker(rule, version->api);
}

std::vector<KeyNotice> key_notices(const Project& project, const std::optional<engine::Version>& version) {
  std::vector<KeyNotice> notices;
  for (auto use = project.key_uses.begin(); use != project.key_uses.end();) {
    const auto next =
        std::find_if(use, project.key_uses.end(), [&](const KeyUse& other) { return other.key != use->key; });
    const KeyRule& rule = rule_of(use->key);
    const Support support = support_of(rule, version);
    if (support != applied) {
      const auto more = next - use - 1;
      notices.push_back({.support = support,
                         .place = use->place,
                         .text = fmt::format("'{}'{} is {}{}: {}", use->path,
                                             more == 0 ? "" : fmt::format(" (and {} more)", more),
                                             shown(support), by_whom(rule, version), rule.reason)});
    }
    use = next;
  }
  return notices;
}

}  // namespace fresh::compose
