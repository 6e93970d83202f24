#include "engine/objects.h"

#include "base/clock.h"
#include "engine/json_fields.h"

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>
#include <chrono>

namespace fresh::engine {
namespace {

using nlohmann::json;

/// Both engines write year 1 for "never".
std::string moment(const std::string& text) {
  return text.starts_with("0001-01-01") ? std::string() : text;
}

std::string without_slash(std::string name) {
  if (name.starts_with('/')) {
    name.erase(0, 1);
  }
  return name;
}

/// Podman knows states between Docker's: not started yet, and ended but not cleaned up.
std::string plain_state(const std::string& state) {
  if (state == "configured" || state == "initialized") {
    return "created";
  }
  return state == "stopped" ? "exited" : state;
}

std::uint16_t port_number(std::string_view text) {
  std::uint16_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

std::vector<PortBinding> ports_from(const json& answer) {
  std::vector<PortBinding> ports;
  for (const auto& key : keys_at(answer, "NetworkSettings/Ports")) {
    const auto& bindings = answer["NetworkSettings"]["Ports"][key];
    for (const auto& binding : list_at(bindings, "")) {
      PortBinding port;
      const auto slash = std::min(key.find('/'), key.size());
      port.container_port = port_number(std::string_view(key).substr(0, slash));
      port.protocol = slash < key.size() ? key.substr(slash + 1) : "tcp";
      port.host_ip = text_at(binding, "HostIp");
      if (const auto host_port = text_at(binding, "HostPort"); !host_port.empty()) {
        port.host_port = port_number(host_port);
      }
      ports.push_back(std::move(port));
    }
  }
  std::sort(ports.begin(), ports.end());
  return ports;
}

std::vector<Mount> mounts_from(const json& answer) {
  std::vector<Mount> mounts;
  for (const auto& entry : list_at(answer, "Mounts")) {
    Mount mount;
    const auto type = text_at(entry, "Type");
    mount.type = type == "volume" ? MountType::volume : type == "tmpfs" ? MountType::tmpfs : MountType::bind;
    mount.source = text_at(entry, mount.type == MountType::volume ? "Name" : "Source");
    mount.target = text_at(entry, "Destination");
    mount.read_only = !flag_at(entry, "RW");
    mounts.push_back(std::move(mount));
  }
  std::sort(mounts.begin(), mounts.end(), [](const auto& a, const auto& b) { return a.target < b.target; });
  return mounts;
}

}  // namespace

ImageId image_id_from(const std::string& text) {
  const auto colon = text.rfind(':');
  return {colon == std::string::npos ? text : text.substr(colon + 1)};
}

Image image_from(const json& answer) {
  Image image;
  image.id = image_id_from(required_text_at(answer, "Id"));
  image.tags = texts_at(answer, "RepoTags");
  std::sort(image.tags.begin(), image.tags.end());
  image.repo_digests = texts_at(answer, "RepoDigests");
  std::sort(image.repo_digests.begin(), image.repo_digests.end());
  image.layers = texts_at(answer, "RootFS/Layers");
  image.labels = map_at(answer, "Config/Labels");
  image.size = number_at(answer, "Size");
  image.created = text_at(answer, "Created");
  image.architecture = text_at(answer, "Architecture");
  image.environment = texts_at(answer, "Config/Env");
  image.exposed_ports = keys_at(answer, "Config/ExposedPorts");
  image.volumes = keys_at(answer, "Config/Volumes");
  image.user = text_at(answer, "Config/User");
  // Podman keeps it at the top, Docker below Config.
  for (const char* path : {"Healthcheck/Test", "HealthCheck/Test", "Config/Healthcheck/Test"}) {
    const auto test = texts_at(answer, path);
    image.has_healthcheck = image.has_healthcheck || (!test.empty() && test.front() != "NONE");
  }
  return image;
}

Image listed_image_from(const json& answer) {
  Image image;
  image.id = image_id_from(required_text_at(answer, "Id"));
  for (auto& tag : texts_at(answer, "RepoTags")) {
    if (tag != "<none>:<none>") {
      image.tags.push_back(std::move(tag));
    }
  }
  std::sort(image.tags.begin(), image.tags.end());
  for (auto& digest : texts_at(answer, "RepoDigests")) {
    if (!digest.starts_with("<none>")) {
      image.repo_digests.push_back(std::move(digest));
    }
  }
  std::sort(image.repo_digests.begin(), image.repo_digests.end());
  image.labels = map_at(answer, "Labels");
  image.size = number_at(answer, "Size");
  image.created = base::rfc3339(base::WallTime(std::chrono::seconds(number_at(answer, "Created"))));
  return image;
}

Container container_from(const json& answer) {
  Container container;
  container.id = {required_text_at(answer, "Id")};
  container.name = without_slash(text_at(answer, "Name"));
  // Podman: ImageName and Image; Docker: Config.Image and Image.
  container.image = text_at(answer, "ImageName");
  if (container.image.empty()) {
    container.image = text_at(answer, "Config/Image");
  }
  container.image_id = image_id_from(text_at(answer, "Image"));
  container.state = plain_state(text_at(answer, "State/Status"));
  container.exit_code = static_cast<int>(number_at(answer, "State/ExitCode"));
  container.oom_killed = flag_at(answer, "State/OOMKilled");
  container.error = text_at(answer, "State/Error");
  container.command = texts_at(answer, "Args");
  container.command.insert(container.command.begin(), text_at(answer, "Path"));
  container.created = moment(text_at(answer, "Created"));
  container.started_at = moment(text_at(answer, "State/StartedAt"));
  container.finished_at = moment(text_at(answer, "State/FinishedAt"));
  const char* health = at(answer, "State/Health").is_object() ? "State/Health" : "State/Healthcheck";
  container.health = text_at(answer, std::string(health) + "/Status");
  if (container.health == "none") {
    container.health.clear();
  }
  for (const auto& run : list_at(answer, std::string(health) + "/Log")) {
    container.health_log.push_back({static_cast<int>(number_at(run, "ExitCode")), text_at(run, "Output")});
  }
  container.pid = number_at(answer, "State/Pid");
  container.restart_count = static_cast<int>(number_at(answer, "RestartCount"));
  container.labels = map_at(answer, "Config/Labels");
  for (const auto& name : keys_at(answer, "NetworkSettings/Networks")) {
    const auto& network = answer["NetworkSettings"]["Networks"][name];
    container.networks[name] = texts_at(network, "Aliases");
    if (auto address = text_at(network, "IPAddress"); !address.empty()) {
      container.addresses[name] = std::move(address);
    }
  }
  container.ports = ports_from(answer);
  container.mounts = mounts_from(answer);
  return container;
}

/// Podman joins neighbours to one entry with a `range`.
std::vector<PortBinding> listed_ports_from(const json& answer) {
  std::vector<PortBinding> ports;
  for (const auto& entry : list_at(answer, "Ports")) {
    const bool podman = entry.contains("container_port");
    const auto host = number_at(entry, podman ? "host_port" : "PublicPort");
    const auto range = podman ? std::max<std::int64_t>(number_at(entry, "range"), 1) : 1;
    for (std::int64_t offset = 0; host > 0 && offset < range; ++offset) {
      PortBinding port;
      port.container_port =
          static_cast<std::uint16_t>(number_at(entry, podman ? "container_port" : "PrivatePort") + offset);
      port.host_port = static_cast<std::uint16_t>(host + offset);
      port.protocol = text_at(entry, podman ? "protocol" : "Type");
      port.host_ip = text_at(entry, podman ? "host_ip" : "IP");
      ports.push_back(std::move(port));
    }
  }
  std::sort(ports.begin(), ports.end());
  return ports;
}

Container listed_container_from(const json& answer) {
  Container container;
  container.id = {required_text_at(answer, "Id")};
  const auto names = texts_at(answer, "Names");
  container.name = names.empty() ? std::string() : without_slash(names.front());
  container.image = text_at(answer, "Image");
  container.image_id = image_id_from(text_at(answer, "ImageID"));
  container.state = plain_state(text_at(answer, "State"));
  container.labels = map_at(answer, "Labels");
  container.ports = listed_ports_from(answer);
  return container;
}

}  // namespace fresh::engine
