#include "compose/read_service.h"

#include "compose/ports.h"
#include "compose/read_build.h"
#include "compose/read_deploy.h"
#include "compose/read_hooks.h"
#include "compose/read_mount.h"
#include "document/fields.h"
#include "document/refuse.h"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>

namespace fresh::compose {
namespace {

using document::Fields;
using document::Node;

template <typename Read>
void each(Fields& fields, std::string_view key, Read read) {
  if (!fields.has(key)) {
    return;
  }
  const Node& node = *fields.find(key);
  if (!node.is_list()) {
    document::refuse(node.place, fmt::format("'{}' takes a list, found {}", key, shown(node.kind)),
                     "begin each item with '- '");
  }
  for (const auto& item : node.items) {
    read(item);
  }
}

std::optional<std::vector<std::string>> words(Fields& fields, std::string_view key) {
  return fields.has(key) ? std::optional(fields.texts(key)) : std::nullopt;
}

/// A map of scalars; null values are left out (a variable without a value is not set).
std::map<std::string, std::string> values(Fields& fields, std::string_view key) {
  std::map<std::string, std::string> result;
  if (!fields.has(key)) {
    return result;
  }
  const Node& node = *fields.find(key);
  if (!node.is_map()) {
    document::refuse(node.place, fmt::format("'{}' takes a map, found {}", key, shown(node.kind)),
                     "write 'NAME: value' lines below it");
  }
  for (const auto& entry : node.entries) {
    if (!entry.value.is_null()) {
      result[entry.key] = entry.value.text();
    }
  }
  return result;
}

std::uint16_t port_number(const Node& node) {
  unsigned value = 0;
  const std::string& text = node.text();
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value > 65535) {
    document::refuse(
        node.place, fmt::format("'{}' is no port", text),
        "write one port from 1 to 65535; a range of host ports needs a range of container ports");
  }
  return static_cast<std::uint16_t>(value);
}

engine::PortBinding read_port(const Node& node) {
  Fields fields(node, "ports");
  engine::PortBinding port;
  port.container_port = port_number(fields.require("target"));
  if (fields.has("published") && fields.text("published") != "0") {
    port.host_port = port_number(*fields.find("published"));
  }
  port.host_ip = fields.text("host_ip", "");
  port.protocol = fields.text("protocol", "tcp");
  fields.find("mode");
  fields.find("name");
  pass_over(fields, {"app_protocol"});
  fields.finish();
  return port;
}

/// A typed mode is a plain number: `0440` of the file is 288.
std::uint32_t file_mode(const Node& node) {
  const auto mode = node.integer();
  if (mode < 0 || mode > 07777) {
    document::refuse(node.place, fmt::format("'{}' is no file mode", node.scalar),
                     "write it in octal, like 0440");
  }
  return static_cast<std::uint32_t>(mode);
}

Grant read_grant(const Node& node, std::string_view what, std::string_view folder) {
  Fields fields(node, std::string(what));
  Grant grant{.source = fields.text("source"), .target = {}};
  grant.target = fields.text("target", grant.source);
  if (!grant.target.starts_with('/')) {
    grant.target.insert(0, folder);
  }
  const auto id = [&](std::string_view key) {
    const Node value =
        document::text_node(fields.text(key, "0"), fields.has(key) ? fields.find(key)->place : node.place);
    const auto number = value.kind == document::Kind::integer ? value.integer() : -1;
    if (number < 0 || number > 0x7fffffff) {
      document::refuse(value.place, fmt::format("'{}' is no {}", value.scalar, key),
                       "write a number in quotes, from \"0\" to \"2147483647\"");
    }
    return static_cast<std::uint32_t>(number);
  };
  grant.uid = id("uid");
  grant.gid = id("gid");
  if (fields.has("mode")) {
    grant.mode = file_mode(*fields.find("mode"));
  }
  fields.finish();
  return grant;
}

std::map<std::string, engine::EndpointSettings> read_networks(Fields& service) {
  std::map<std::string, engine::EndpointSettings> result;
  if (!service.has("networks")) {
    return result;
  }
  for (const auto& entry : service.find("networks")->entries) {
    Fields fields(entry.value, "networks." + entry.key);
    engine::EndpointSettings& settings = result[entry.key];
    settings.aliases = fields.texts("aliases");
    settings.ipv4 = fields.text("ipv4_address", "");
    settings.ipv6 = fields.text("ipv6_address", "");
    settings.mac = fields.text("mac_address", "");
    settings.priority = static_cast<int>(fields.integer("priority", 0));
    pass_over(fields, {"link_local_ips", "driver_opts", "gw_priority", "interface_name"});
    fields.finish();
  }
  return result;
}

std::map<std::string, Dependency> read_dependencies(Fields& service) {
  std::map<std::string, Dependency> result;
  if (!service.has("depends_on")) {
    return result;
  }
  for (const auto& entry : service.find("depends_on")->entries) {
    Fields fields(entry.value, "depends_on." + entry.key);
    Dependency dependency;
    const std::string condition = fields.text("condition");
    if (condition == "service_healthy") {
      dependency.condition = Condition::healthy;
    } else if (condition == "service_completed_successfully") {
      dependency.condition = Condition::completed;
    } else if (condition != "service_started") {
      document::refuse(fields.find("condition")->place, fmt::format("unknown condition '{}'", condition),
                       "write service_started, service_healthy or service_completed_successfully");
    }
    dependency.required = fields.boolean("required", true);
    dependency.restart = fields.boolean("restart", false);
    fields.finish();
    result.emplace(entry.key, dependency);
  }
  return result;
}

std::optional<engine::Healthcheck> read_healthcheck(Fields& service) {
  if (!service.has("healthcheck")) {
    return std::nullopt;
  }
  Fields fields(*service.find("healthcheck"), "healthcheck");
  engine::Healthcheck check;
  check.test = fields.texts("test");
  check.interval = fields.duration("interval", check.interval);
  check.timeout = fields.duration("timeout", check.timeout);
  check.start_period = fields.duration("start_period", check.start_period);
  if (fields.has("start_interval")) {
    check.start_interval = fields.duration("start_interval", {});
  }
  check.retries = static_cast<int>(fields.integer("retries", check.retries));
  if (fields.boolean("disable", false)) {
    check.test = {"NONE"};
  }
  fields.finish();
  return check;
}

void read_restart(Fields& fields, Service& service) {
  service.restart_written = fields.has("restart");
  const std::string text = fields.text("restart", "no");
  const auto colon = text.find(':');
  service.restart = text.substr(0, colon);
  const bool known = service.restart == "no" || service.restart == "always" ||
                     service.restart == "unless-stopped" || service.restart == "on-failure";
  if (!known || (colon != std::string::npos && service.restart != "on-failure")) {
    document::refuse(fields.find("restart")->place, fmt::format("unknown restart policy '{}'", text),
                     document::nearest_hint(service.restart, {"always", "unless-stopped", "on-failure"},
                                            "write no, always, unless-stopped or on-failure[:n]"));
  }
  if (colon != std::string::npos) {
    service.restart_retries =
        port_number(document::text_node(text.substr(colon + 1), fields.find("restart")->place));
  }
}

void read_logging(Fields& service_fields, Service& service) {
  if (!service_fields.has("logging")) {
    return;
  }
  Fields fields(*service_fields.find("logging"), "logging");
  service.log_driver = fields.text("driver", "");
  service.log_options = values(fields, "options");
  fields.finish();
}

std::string device(const Node& node) {
  if (node.is_scalar()) {
    return node.scalar;
  }
  Fields fields(node, "devices");
  const std::string source = fields.text("source");
  std::string result =
      fmt::format("{}:{}:{}", source, fields.text("target", source), fields.text("permissions", "rwm"));
  fields.finish();
  return result;
}

void read_files(Fields& fields, Service& service) {
  each(fields, "ports", [&](const Node& item) { service.ports.push_back(read_port(item)); });
  each(fields, "expose", [&](const Node& item) {
    for (auto& port : exposed_ports(item)) {
      service.expose.push_back(std::move(port));
    }
  });
  each(fields, "volumes", [&](const Node& item) { service.mounts.push_back(read_mount(item)); });
  for (const auto& target : fields.texts("tmpfs")) {
    service.mounts.push_back(read_tmpfs(target, fields.find("tmpfs")->place));
  }
  each(fields, "secrets",
       [&](const Node& item) { service.secrets.push_back(read_grant(item, "secrets", "/run/secrets/")); });
  each(fields, "configs",
       [&](const Node& item) { service.configs.push_back(read_grant(item, "configs", "/")); });
  each(fields, "devices", [&](const Node& item) { service.devices.push_back(device(item)); });
  each(fields, "extra_hosts", [&](const Node& item) { service.extra_hosts.push_back(read_host(item)); });
}

void read_words(Fields& fields, Service& service) {
  service.image = fields.text("image", "");
  service.network_mode = fields.text("network_mode", "");
  service.user = fields.text("user", "");
  service.working_dir = fields.text("working_dir", "");
  service.hostname = fields.text("hostname", "");
  service.domainname = fields.text("domainname", "");
  service.stop_signal = fields.text("stop_signal", "");
  service.container_name = fields.text("container_name", "");
  service.platform = fields.text("platform", "");
  service.pull_policy = fields.text("pull_policy", "");
  service.pid = fields.text("pid", "");
  service.ipc = fields.text("ipc", "");
  service.uts = fields.text("uts", "");
  service.userns_mode = fields.text("userns_mode", "");
  service.cgroup_parent = fields.text("cgroup_parent", "");
  service.runtime = fields.text("runtime", "");
  service.init = fields.boolean("init", false);
  service.read_only = fields.boolean("read_only", false);
  service.privileged = fields.boolean("privileged", false);
  service.tty = fields.boolean("tty", false);
  service.stdin_open = fields.boolean("stdin_open", false);
  service.profiles = fields.texts("profiles");
  service.cap_add = fields.texts("cap_add");
  service.cap_drop = fields.texts("cap_drop");
  service.security_opt = fields.texts("security_opt");
  service.group_add = fields.texts("group_add");
  service.dns = fields.texts("dns");
  service.dns_search = fields.texts("dns_search");
  service.dns_opt = fields.texts("dns_opt");
  service.environment = values(fields, "environment");
  service.labels = values(fields, "labels");
  service.annotations = values(fields, "annotations");
  service.sysctls = values(fields, "sysctls");
  if (fields.has("stop_grace_period")) {
    service.stop_grace_period = fields.duration("stop_grace_period", {});
  }
}

}  // namespace

Service read_service(const std::string& name, const Node& node) {
  Fields fields(node, "services." + name);
  Service service;
  service.name = name;
  service.place = node.place;
  service.canonical = node;
  read_words(fields, service);
  service.command = words(fields, "command");
  service.entrypoint = words(fields, "entrypoint");
  read_files(fields, service);
  service.networks = read_networks(fields);
  service.depends_on = read_dependencies(fields);
  service.healthcheck = read_healthcheck(fields);
  read_restart(fields, service);
  service.ulimits = read_ulimits(fields);
  read_logging(fields, service);
  service.build = read_build(fields);
  read_limits(fields, service);
  fields.find("links");
  service.post_start = read_hooks(fields, "post_start");
  service.pre_stop = read_hooks(fields, "pre_stop");
  if (fields.has("gpus")) {
    service.gpu = fields.find("gpus")->place;
  }
  service.attach = fields.boolean("attach", true);
  pass_over(fields, {"blkio_config",    "cgroup",      "cpu_count",           "cpu_percent",
                     "cpu_period",      "cpu_quota",   "cpu_rt_period",       "cpu_rt_runtime",
                     "credential_spec", "develop",     "device_cgroup_rules",
                     "extends",  // of a service that says nothing
                     "external_links",  "isolation",   "label_file",          "mac_address",
                     "mem_swappiness",  "models",      "oom_kill_disable",    "oom_score_adj",
                     "pre_start",       "provider",    "pull_refresh_after",  "storage_opt",
                     "use_api_socket",  "volumes_from"});
  fields.finish();
  return service;
}

}  // namespace fresh::compose
