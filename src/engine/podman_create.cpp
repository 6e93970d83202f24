#include "base/error.h"
#include "engine/dialect.h"
#include "engine/json_fields.h"

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include <chrono>

namespace fresh::engine {
namespace {

using nlohmann::json;

/// `host`, `private`, `container:ID`, `keep-id:uid=1`: mode and value.
json name_space(const std::string& mode) {
  const auto colon = mode.find(':');
  json result{{"nsmode", mode.substr(0, colon)}};
  if (colon != std::string::npos) {
    result["value"] = mode.substr(colon + 1);
  }
  return result;
}

void add_mount(json& body, const Mount& mount) {
  const char* access = mount.read_only ? "ro" : "rw";
  json options = json::array();
  switch (mount.type) {
    case MountType::volume: {
      options.push_back(access);
      if (mount.no_copy) {
        options.push_back("nocopy");
      }
      if (!mount.selinux.empty()) {
        options.push_back(mount.selinux);
      }
      json volume{{"Name", mount.source}, {"Dest", mount.target}, {"Options", options}};
      set_text(volume, "SubPath", mount.subpath);
      body["volumes"].push_back(volume);
      return;
    }
    case MountType::tmpfs:
      options.push_back(access);
      if (mount.tmpfs_size) {
        options.push_back(fmt::format("size={}", *mount.tmpfs_size));
      }
      if (mount.tmpfs_mode) {
        options.push_back(fmt::format("mode={:o}", *mount.tmpfs_mode));
      }
      for (const auto& flag : mount.tmpfs_flags) {
        options.push_back(flag);
      }
      body["mounts"].push_back(
          {{"type", "tmpfs"}, {"source", "tmpfs"}, {"destination", mount.target}, {"options", options}});
      return;
    case MountType::bind:
      options.push_back("rbind");
      options.push_back(access);
      if (!mount.propagation.empty()) {
        options.push_back(mount.propagation);
      }
      if (!mount.selinux.empty()) {
        options.push_back(mount.selinux);
      }
      body["mounts"].push_back(
          {{"type", "bind"}, {"source", mount.source}, {"destination", mount.target}, {"options", options}});
      return;
  }
}

void add_network(json& body, const ContainerSpec& spec) {
  if (!spec.network_mode.empty() && spec.networks.empty()) {
    body["netns"] = name_space(spec.network_mode);
  } else {
    // Named, because the default of an engine without root is another one.
    body["netns"] = {{"nsmode", "bridge"}};
  }
  for (const auto& [name, settings] : spec.networks) {
    json endpoint = json::object();
    set_list(endpoint, "aliases", settings.aliases);
    for (const auto& address : {settings.ipv4, settings.ipv6}) {
      if (!address.empty()) {
        endpoint["static_ips"].push_back(address);
      }
    }
    set_text(endpoint, "static_mac", settings.mac);
    body["networks"][name] = endpoint;
  }
  for (const auto& port : spec.ports) {
    json mapping{{"container_port", port.container_port}, {"protocol", port.protocol}};
    if (port.host_port) {
      mapping["host_port"] = *port.host_port;
    }
    set_text(mapping, "host_ip", port.host_ip);
    body["portmappings"].push_back(mapping);
  }
  for (const auto& port : spec.expose) {
    const auto slash = port.find('/');
    body["expose"][port.substr(0, slash)] = slash == std::string::npos ? "tcp" : port.substr(slash + 1);
  }
  set_list(body, "hostadd", spec.extra_hosts);
  set_list(body, "dns_server", spec.dns);
  set_list(body, "dns_search", spec.dns_search);
  set_list(body, "dns_option", spec.dns_options);
}

void add_limits(json& body, const ContainerSpec& spec) {
  json limits = json::object();
  if (spec.memory) {
    limits["memory"]["limit"] = *spec.memory;
    // Docker's own default, said so that both engines do the same.
    limits["memory"]["swap"] = spec.memory_swap.value_or(*spec.memory * 2);
  }
  if (spec.memory_reservation) {
    limits["memory"]["reservation"] = *spec.memory_reservation;
  }
  if (spec.nano_cpus) {
    limits["cpu"]["period"] = 100'000;
    limits["cpu"]["quota"] = *spec.nano_cpus / 10'000;
  }
  if (spec.cpu_shares) {
    limits["cpu"]["shares"] = *spec.cpu_shares;
  }
  if (!spec.cpuset.empty()) {
    limits["cpu"]["cpus"] = spec.cpuset;
  }
  if (spec.pids_limit) {
    limits["pids"]["limit"] = *spec.pids_limit;
  }
  if (!limits.empty()) {
    body["resource_limits"] = limits;
  }
  if (!spec.ulimits.empty()) {
    // One ulimit switches all configured defaults off, and without those the start fails on hosts that may
    // not raise limits: both are always sent.
    auto ulimits = spec.ulimits;
    ulimits.try_emplace("nofile", Ulimit{4096, 4096});
    ulimits.try_emplace("nproc", Ulimit{4096, 4096});
    for (const auto& [name, limit] : ulimits) {
      body["r_limits"].push_back({{"type", name}, {"soft", limit.soft}, {"hard", limit.hard}});
    }
  }
}

void add_security(json& body, const ContainerSpec& spec) {
  set_list(body, "cap_add", spec.cap_add);
  set_list(body, "cap_drop", spec.cap_drop);
  for (const auto& option : spec.security_opt) {
    const auto separator = option.find_first_of("=:");
    const auto name = option.substr(0, separator);
    const auto value = separator == std::string::npos ? std::string() : option.substr(separator + 1);
    if (name == "no-new-privileges") {
      body["no_new_privileges"] = value.empty() || value == "true";
    } else if (name == "seccomp") {
      body["seccomp_profile_path"] = value;
    } else if (name == "apparmor") {
      body["apparmor_profile"] = value;
    } else if (name == "label") {
      body["selinux_opts"].push_back(value);
    } else if (name == "mask") {
      body["mask"].push_back(value);
    } else if (name == "unmask") {
      body["unmask"].push_back(value);
    } else if (name == "systempaths" && value == "unconfined") {
      body["unmask"].push_back("ALL");
    } else {
      throw base::Error(base::ExitCode::deploy,
                        fmt::format("security option '{}' is unknown to Podman", option), "remove it");
    }
  }
  for (const auto& device : spec.devices) {
    body["devices"].push_back({{"path", device}});
  }
}

void add_health(json& body, const Healthcheck& check) {
  const auto nanoseconds = [](std::chrono::milliseconds time) {
    return std::chrono::duration_cast<std::chrono::nanoseconds>(time).count();
  };
  body["healthconfig"] = {{"Test", check.test},
                          {"Interval", nanoseconds(check.interval)},
                          {"Timeout", nanoseconds(check.timeout)},
                          {"StartPeriod", nanoseconds(check.start_period)},
                          {"Retries", check.retries}};
}

}  // namespace

json podman_container_body(const ContainerSpec& spec) {
  json body{{"name", spec.name}, {"image", spec.image}, {"terminal", spec.tty}, {"stdin", spec.stdin_open}};
  if (spec.command) {
    body["command"] = *spec.command;
  }
  if (spec.entrypoint) {
    body["entrypoint"] = *spec.entrypoint;
  }
  set_list(body, "env", spec.environment);
  set_list(body, "labels", spec.labels);
  set_list(body, "annotations", spec.annotations);
  set_text(body, "user", spec.user);
  set_list(body, "groups", spec.group_add);
  set_text(body, "work_dir", spec.working_dir);
  set_text(body, "hostname", spec.hostname);
  for (const auto& mount : spec.mounts) {
    add_mount(body, mount);
  }
  add_network(body, spec);
  add_limits(body, spec);
  add_security(body, spec);
  if (spec.healthcheck) {
    add_health(body, *spec.healthcheck);
  }
  if (!spec.restart_policy.empty()) {
    body["restart_policy"] = spec.restart_policy;
    if (spec.restart_policy == "on-failure" && spec.restart_retries > 0) {
      body["restart_tries"] = spec.restart_retries;
    }
  }
  if (!spec.stop_signal.empty()) {
    const int number = signal_number(spec.stop_signal);
    if (number == 0) {
      throw base::Error(base::ExitCode::deploy, fmt::format("'{}' is no signal", spec.stop_signal),
                        "use a name such as SIGTERM or SIGINT");
    }
    body["stop_signal"] = number;
  }
  if (spec.stop_timeout) {
    body["stop_timeout"] = spec.stop_timeout->count();
  }
  if (spec.init) {
    body["init"] = true;
  }
  if (spec.privileged) {
    body["privileged"] = true;
  }
  if (spec.read_only) {
    body["read_only_filesystem"] = true;
  }
  set_list(body, "sysctl", spec.sysctls);
  if (spec.shm_size) {
    body["shm_size"] = *spec.shm_size;
  }
  for (const auto& [key, mode] :
       {std::pair{"pidns", &spec.pid_mode}, std::pair{"ipcns", &spec.ipc_mode},
        std::pair{"utsns", &spec.uts_mode}, std::pair{"userns", &spec.userns_mode}}) {
    if (!mode->empty()) {
      body[key] = name_space(*mode);
    }
  }
  set_text(body, "cgroup_parent", spec.cgroup_parent);
  set_text(body, "oci_runtime", spec.runtime);
  if (!spec.log_driver.empty() || !spec.log_options.empty()) {
    json log = json::object();
    set_text(log, "driver", spec.log_driver);
    set_list(log, "options", spec.log_options);
    body["log_configuration"] = log;
  }
  return body;
}

}  // namespace fresh::engine
