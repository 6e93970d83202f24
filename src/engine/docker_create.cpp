#include "engine/dialect.h"
#include "engine/json_fields.h"

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include <chrono>

namespace fresh::engine {
namespace {

using nlohmann::json;

template <typename Number>
void set_number(json& body, const char* key, const std::optional<Number>& value) {
  if (value) {
    body[key] = *value;
  }
}

std::string joined(const std::vector<std::string>& parts) {
  std::string result;
  for (const auto& part : parts) {
    result += (result.empty() ? "" : ",") + part;
  }
  return result;
}

void add_mount(json& host, const Mount& mount) {
  if (mount.type == MountType::tmpfs) {
    // Docker alone would say noexec: a script or library in /tmp then works on Podman only.
    std::vector<std::string> options = mount.tmpfs_flags;
    if (std::find(options.begin(), options.end(), "noexec") == options.end()) {
      std::erase(options, "exec");
      options.insert(options.begin(), "exec");
    }
    if (mount.read_only) {
      options.push_back("ro");
    }
    if (mount.tmpfs_size) {
      options.push_back(fmt::format("size={}", *mount.tmpfs_size));
    }
    if (mount.tmpfs_mode) {
      options.push_back(fmt::format("mode={:o}", *mount.tmpfs_mode));
    }
    host["Tmpfs"][mount.target] = joined(options);
    return;
  }
  // Only `Binds` make a missing folder and know SELinux labels; only `Mounts` refuse a missing folder.
  const bool is_labelled = !mount.selinux.empty() && !mount.source.empty() && mount.subpath.empty();
  if (is_labelled || (mount.type == MountType::bind && mount.create_host_path)) {
    std::vector<std::string> options{mount.read_only ? "ro" : "rw"};
    for (const auto& option :
         {mount.selinux, mount.propagation, std::string(mount.no_copy ? "nocopy" : "")}) {
      if (!option.empty()) {
        options.push_back(option);
      }
    }
    host["Binds"].push_back(fmt::format("{}:{}:{}", mount.source, mount.target, joined(options)));
    return;
  }
  json entry{{"Target", mount.target}, {"ReadOnly", mount.read_only}};
  if (mount.type == MountType::bind) {
    entry["Type"] = "bind";
    entry["Source"] = mount.source;
    if (!mount.propagation.empty()) {
      entry["BindOptions"]["Propagation"] = mount.propagation;
    }
  } else {
    entry["Type"] = "volume";
    set_text(entry, "Source", mount.source);
    if (mount.no_copy) {
      entry["VolumeOptions"]["NoCopy"] = true;
    }
    if (!mount.subpath.empty()) {
      entry["VolumeOptions"]["Subpath"] = mount.subpath;
    }
  }
  host["Mounts"].push_back(entry);
}

void add_ports(json& body, json& host, const ContainerSpec& spec) {
  for (const auto& port : spec.expose) {
    body["ExposedPorts"][port.find('/') == std::string::npos ? port + "/tcp" : port] = json::object();
  }
  for (const auto& port : spec.ports) {
    const auto key = fmt::format("{}/{}", port.container_port, port.protocol);
    // A binding of a port that is not exposed is accepted and does nothing.
    body["ExposedPorts"][key] = json::object();
    host["PortBindings"][key].push_back(
        {{"HostIp", port.host_ip},
         {"HostPort", port.host_port ? fmt::format("{}", *port.host_port) : std::string()}});
  }
}

void add_networks(json& body, json& host, const ContainerSpec& spec, bool one_network) {
  if (spec.networks.empty()) {
    set_text(host, "NetworkMode", spec.network_mode);
    return;
  }
  const auto first = first_network(spec);
  host["NetworkMode"] = first;
  for (const auto& [name, settings] : spec.networks) {
    if (!one_network || name == first) {
      body["NetworkingConfig"]["EndpointsConfig"][name] = docker_endpoint(settings);
    }
  }
}

void add_limits(json& host, const ContainerSpec& spec) {
  set_number(host, "Memory", spec.memory);
  set_number(host, "MemorySwap", spec.memory_swap);
  set_number(host, "MemoryReservation", spec.memory_reservation);
  set_number(host, "NanoCpus", spec.nano_cpus);
  set_number(host, "CpuShares", spec.cpu_shares);
  set_text(host, "CpusetCpus", spec.cpuset);
  set_number(host, "PidsLimit", spec.pids_limit);
  set_number(host, "ShmSize", spec.shm_size);
  for (const auto& [name, limit] : spec.ulimits) {
    host["Ulimits"].push_back({{"Name", name}, {"Soft", limit.soft}, {"Hard", limit.hard}});
  }
}

void add_devices(json& host, const ContainerSpec& spec) {
  for (const auto& device : spec.devices) {
    const auto first = device.find(':');
    const auto second = first == std::string::npos ? first : device.find(':', first + 1);
    const auto inside = first == std::string::npos ? device : device.substr(first + 1, second - first - 1);
    host["Devices"].push_back(
        {{"PathOnHost", device.substr(0, first)},
         {"PathInContainer", inside},
         {"CgroupPermissions", second == std::string::npos ? "rwm" : device.substr(second + 1)}});
  }
}

json host_config(json& body, const ContainerSpec& spec, bool one_network) {
  json host = json::object();
  for (const auto& mount : spec.mounts) {
    add_mount(host, mount);
  }
  add_ports(body, host, spec);
  add_networks(body, host, spec, one_network);
  add_limits(host, spec);
  add_devices(host, spec);
  set_list(host, "GroupAdd", spec.group_add);
  set_list(host, "CapAdd", spec.cap_add);
  set_list(host, "CapDrop", spec.cap_drop);
  set_list(host, "SecurityOpt", spec.security_opt);
  set_list(host, "Sysctls", spec.sysctls);
  set_list(host, "ExtraHosts", spec.extra_hosts);
  set_list(host, "Dns", spec.dns);
  set_list(host, "DnsSearch", spec.dns_search);
  set_list(host, "DnsOptions", spec.dns_options);
  set_list(host, "Annotations", spec.annotations);
  set_text(host, "PidMode", spec.pid_mode);
  set_text(host, "IpcMode", spec.ipc_mode);
  set_text(host, "UTSMode", spec.uts_mode);
  set_text(host, "UsernsMode", spec.userns_mode);
  set_text(host, "CgroupParent", spec.cgroup_parent);
  set_text(host, "Runtime", spec.runtime);
  for (const auto& [key, on] : {std::pair{"Init", spec.init}, std::pair{"Privileged", spec.privileged},
                                std::pair{"ReadonlyRootfs", spec.read_only}}) {
    if (on) {
      host[key] = true;
    }
  }
  if (!spec.restart_policy.empty()) {
    host["RestartPolicy"] = {
        {"Name", spec.restart_policy},
        {"MaximumRetryCount", spec.restart_policy == "on-failure" ? spec.restart_retries : 0}};
  }
  if (!spec.log_driver.empty() || !spec.log_options.empty()) {
    host["LogConfig"] = {{"Type", spec.log_driver}, {"Config", spec.log_options}};
  }
  return host;
}

}  // namespace

json docker_container_body(const ContainerSpec& spec, bool one_network) {
  json body{{"Image", spec.image}, {"Tty", spec.tty}, {"OpenStdin", spec.stdin_open}};
  if (spec.stdin_once) {
    body["StdinOnce"] = true;
  }
  if (spec.command) {
    body["Cmd"] = *spec.command;
  }
  if (spec.entrypoint) {
    // An empty list would mean the image's own.
    body["Entrypoint"] = spec.entrypoint->empty() ? std::vector<std::string>{""} : *spec.entrypoint;
  }
  for (const auto& [name, value] : spec.environment) {
    body["Env"].push_back(name + "=" + value);
  }
  set_list(body, "Labels", spec.labels);
  set_text(body, "User", spec.user);
  set_text(body, "WorkingDir", spec.working_dir);
  set_text(body, "Hostname", spec.hostname);
  set_text(body, "Domainname", spec.domainname);
  set_text(body, "StopSignal", spec.stop_signal);
  if (spec.stop_timeout) {
    body["StopTimeout"] = spec.stop_timeout->count();
  }
  if (spec.healthcheck) {
    const auto nanoseconds = [](std::chrono::milliseconds time) {
      return std::chrono::duration_cast<std::chrono::nanoseconds>(time).count();
    };
    const auto& check = *spec.healthcheck;
    body["Healthcheck"] = {{"Test", check.test},
                           {"Interval", nanoseconds(check.interval)},
                           {"Timeout", nanoseconds(check.timeout)},
                           {"StartPeriod", nanoseconds(check.start_period)},
                           {"Retries", check.retries}};
  }
  body["HostConfig"] = host_config(body, spec, one_network);
  return body;
}

}  // namespace fresh::engine
