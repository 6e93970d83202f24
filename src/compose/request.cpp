#include "compose/request.h"

#include "compose/hash.h"
#include "engine/labels.h"

#include <fmt/core.h>

#include <algorithm>

namespace fresh::compose {
namespace {

namespace labels = engine::labels;

constexpr const char* tool = "fresh-clone";

engine::Labels project_labels(const Project& project) {
  return {{labels::compose_project, project.name},
          {labels::compose_version, tool},
          {labels::tool, tool},
          {labels::project, project.name}};
}

std::string dependencies_label(const Service& service) {
  std::string result;
  for (const auto& [name, dependency] : service.depends_on) {
    result += fmt::format("{}{}:{}:{}", result.empty() ? "" : ",", name, shown(dependency.condition),
                          dependency.restart ? "true" : "false");
  }
  return result;
}

std::string files_label(const Project& project) {
  std::string result;
  for (const auto& file : project.files) {
    result += (result.empty() ? "" : ",") + file.string();
  }
  return result;
}

/// `service:x` names the first container of x; engines take names there, so no id gets into a request.
std::string shared_namespace(const std::string& mode, const Project& project) {
  if (!mode.starts_with("service:")) {
    return mode;
  }
  const auto found = project.services.find(mode.substr(8));
  return found == project.services.end() ? mode : "container:" + container_name(project, found->second, 1);
}

engine::Labels container_labels(const Project& project, const Service& service,
                                const std::optional<engine::ImageId>& image, bool one_off) {
  engine::Labels result = service.labels;
  for (const auto& [key, value] : project_labels(project)) {
    result[key] = value;
  }
  result[labels::role] = "service";
  result[labels::compose_service] = service.name;
  result[labels::compose_working_dir] = project.working_folder.string();
  result[labels::compose_config_files] = files_label(project);
  result[labels::compose_oneoff] = one_off ? "True" : "False";
  result[labels::compose_config_hash] = service_hash(service, project);
  result[labels::compose_depends_on] = dependencies_label(service);
  if (image) {
    result[labels::compose_image] = image_label(*image);
  }
  return result;
}

std::vector<engine::Mount> mounts(const Project& project, const Service& service) {
  std::vector<engine::Mount> result = service.mounts;
  for (auto& mount : result) {
    if (mount.type == engine::MountType::volume && !mount.source.empty()) {
      mount.source = project.volumes.at(mount.source).name;
    }
  }
  std::sort(result.begin(), result.end(),
            [](const engine::Mount& a, const engine::Mount& b) { return a.target < b.target; });
  return result;
}

template <typename T>
std::vector<T> sorted(std::vector<T> values) {
  std::sort(values.begin(), values.end());
  return values;
}

/// A port that is written in both forms is bound once.
std::vector<engine::PortBinding> bound(std::vector<engine::PortBinding> ports) {
  ports = sorted(std::move(ports));
  const auto same = [](const engine::PortBinding& a, const engine::PortBinding& b) {
    return a.host_port && a == b;
  };
  ports.erase(std::unique(ports.begin(), ports.end(), same), ports.end());
  return ports;
}

std::map<std::string, engine::EndpointSettings> endpoints(const Project& project, const Service& service,
                                                          bool with_aliases) {
  std::map<std::string, engine::EndpointSettings> result;
  for (const auto& [key, settings] : service.networks) {
    engine::EndpointSettings& endpoint = result[project.networks.at(key).name];
    endpoint = settings;
    if (!with_aliases) {
      endpoint.aliases.clear();
      endpoint.ipv4.clear();
      endpoint.ipv6.clear();
      endpoint.mac.clear();
      continue;
    }
    endpoint.aliases.push_back(service.name);
    std::sort(endpoint.aliases.begin(), endpoint.aliases.end());
    endpoint.aliases.erase(std::unique(endpoint.aliases.begin(), endpoint.aliases.end()),
                           endpoint.aliases.end());
  }
  return result;
}

engine::ContainerSpec shaped(const Project& project, const Service& service) {
  engine::ContainerSpec spec;
  spec.image = service.image;
  spec.command = service.command;
  spec.entrypoint = service.entrypoint;
  spec.environment = service.environment;
  spec.user = service.user;
  spec.group_add = service.group_add;
  spec.working_dir = service.working_dir;
  spec.hostname = service.hostname;
  spec.domainname = service.domainname;
  spec.tty = service.tty;
  spec.stdin_open = service.stdin_open;
  spec.mounts = mounts(project, service);
  spec.network_mode = shared_namespace(service.network_mode, project);
  spec.healthcheck = service.healthcheck;
  spec.stop_signal = service.stop_signal;
  if (service.stop_grace_period) {
    spec.stop_timeout = std::chrono::ceil<std::chrono::seconds>(*service.stop_grace_period);
  }
  spec.init = service.init;
  spec.privileged = service.privileged;
  spec.read_only = service.read_only;
  spec.cap_add = sorted(service.cap_add);
  spec.cap_drop = sorted(service.cap_drop);
  spec.security_opt = sorted(service.security_opt);
  spec.devices = sorted(service.devices);
  spec.ulimits = service.ulimits;
  spec.sysctls = service.sysctls;
  spec.extra_hosts = sorted(service.extra_hosts);
  spec.dns = service.dns;
  spec.dns_search = service.dns_search;
  spec.dns_options = service.dns_opt;
  spec.memory = service.memory;
  spec.memory_swap = service.memory_swap;
  spec.memory_reservation = service.memory_reservation;
  spec.nano_cpus = service.nano_cpus;
  spec.cpu_shares = service.cpu_shares;
  spec.cpuset = service.cpuset;
  spec.pids_limit = service.pids_limit;
  spec.shm_size = service.shm_size;
  spec.pid_mode = shared_namespace(service.pid, project);
  spec.ipc_mode = shared_namespace(service.ipc, project);
  spec.uts_mode = service.uts;
  spec.userns_mode = service.userns_mode;
  spec.cgroup_parent = service.cgroup_parent;
  spec.runtime = service.runtime;
  spec.platform = service.platform;
  spec.log_driver = service.log_driver;
  spec.log_options = service.log_options;
  spec.annotations = service.annotations;
  return spec;
}

}  // namespace

std::string container_name(const Project& project, const Service& service, int number) {
  return service.container_name.empty() ? fmt::format("{}-{}-{}", project.name, service.name, number)
                                        : service.container_name;
}

std::string image_label(const engine::ImageId& image) {
  return "sha256:" + image.hex;
}

std::string with_tag(const std::string& reference) {
  const auto slash = reference.rfind('/');
  const auto colon = reference.rfind(':');
  const bool tagged = colon != std::string::npos && (slash == std::string::npos || colon > slash);
  return tagged || reference.find('@') != std::string::npos ? reference : reference + ":latest";
}

engine::ContainerSpec container_request(const Project& project, const Service& service, int number,
                                        const std::optional<engine::ImageId>& image) {
  engine::ContainerSpec spec = shaped(project, service);
  spec.name = container_name(project, service, number);
  spec.labels = container_labels(project, service, image, false);
  spec.labels[labels::compose_container_number] = std::to_string(number);
  spec.networks = endpoints(project, service, true);
  spec.ports = bound(service.ports);
  spec.expose = sorted(service.expose);
  spec.restart_policy = service.restart;
  spec.restart_retries = service.restart_retries;
  return spec;
}

engine::ContainerSpec one_off_request(const Project& project, const Service& service, const std::string& name,
                                      const std::optional<engine::ImageId>& image) {
  engine::ContainerSpec spec = shaped(project, service);
  spec.name = name;
  spec.labels = container_labels(project, service, image, true);
  spec.networks = endpoints(project, service, false);
  spec.restart_policy = "no";
  spec.healthcheck.reset();
  return spec;
}

engine::NetworkSpec network_request(const Project& project, const Network& network) {
  engine::NetworkSpec spec;
  spec.name = network.name;
  if (!network.driver.empty()) {
    spec.driver = network.driver;
  }
  spec.internal = network.internal;
  spec.attachable = network.attachable;
  spec.ipv6 = network.ipv6;
  spec.options = network.driver_opts;
  spec.subnets = network.subnets;
  spec.labels = network.labels;
  for (const auto& [key, value] : project_labels(project)) {
    spec.labels[key] = value;
  }
  spec.labels[labels::compose_network] = network.key;
  spec.labels[labels::compose_config_hash] = network_hash(network);
  return spec;
}

engine::VolumeSpec volume_request(const Project& project, const Volume& volume) {
  engine::VolumeSpec spec;
  spec.name = volume.name;
  spec.driver = volume.driver;
  spec.options = volume.driver_opts;
  spec.labels = volume.labels;
  for (const auto& [key, value] : project_labels(project)) {
    spec.labels[key] = value;
  }
  spec.labels[labels::compose_volume] = volume.key;
  return spec;
}

}  // namespace fresh::compose
