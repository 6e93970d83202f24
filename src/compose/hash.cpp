#include "compose/hash.h"

#include "base/sha256.h"
#include "compose/tree.h"
#include "compose/tree_text.h"

namespace fresh::compose {
namespace {

using document::Node;

void make_relative(Node& value, const std::string& folder) {
  if (value.scalar == folder) {
    value.scalar = ".";
  } else if (value.scalar.starts_with(folder + "/")) {
    value.scalar.replace(0, folder.size(), ".");
  }
}

Node shaping_part(const Service& service, const std::string& folder) {
  Node tree = service.canonical;
  for (const std::string_view key : {"build", "pull_policy", "scale", "depends_on", "profiles"}) {
    erase(tree, key);
  }
  if (Node* deploy = tree.find("deploy"); deploy != nullptr && deploy->is_map()) {
    erase(*deploy, "replicas");
  }
  if (Node* mounts = tree.find("volumes"); mounts != nullptr) {
    for (auto& mount : mounts->items) {
      if (Node* source = mount.find("source")) {
        make_relative(*source, folder);
      }
    }
  }
  return tree;
}

}  // namespace

std::string service_hash(const Service& service, const Project& project) {
  base::Sha256 hash;
  hash.field("service 1");
  hash.field(yaml_text(shaping_part(service, project.working_folder.lexically_normal().string())));
  for (const auto& secret : service.secrets) {
    hash.field("secret").field(secret.source).field(project.secrets.at(secret.source).bytes);
  }
  for (const auto& config : service.configs) {
    hash.field("config").field(config.source).field(project.configs.at(config.source).bytes);
  }
  for (const auto& mount : service.mounts) {
    if (mount.type == engine::MountType::volume && !mount.source.empty()) {
      hash.field("volume").field(project.volumes.at(mount.source).name);
    }
  }
  for (const auto& network : service.networks) {
    hash.field("network").field(project.networks.at(network.first).name);
  }
  return hash.hex();
}

std::string network_hash(const Network& network) {
  base::Sha256 hash;
  hash.field("network 1").field(network.name).field(network.driver);
  hash.field(network.internal ? "internal" : "").field(network.attachable ? "attachable" : "");
  hash.field(network.ipv6 ? "ipv6" : "");
  for (const auto& [key, value] : network.driver_opts) {
    hash.field("option").field(key).field(value);
  }
  for (const auto& [key, value] : network.labels) {
    hash.field("label").field(key).field(value);
  }
  for (const auto& subnet : network.subnets) {
    hash.field("subnet").field(subnet.subnet).field(subnet.gateway).field(subnet.ip_range);
  }
  return hash.hex();
}

}  // namespace fresh::compose
