#include "compose/resource_steps.h"

#include "base/error.h"
#include "compose/request.h"

#include <fmt/core.h>

#include <algorithm>

namespace fresh::compose {
namespace {

[[noreturn]] void refuse_external(const char* kind, const std::string& name) {
  throw base::Error(base::ExitCode::deploy, fmt::format("the external {} '{}' does not exist", kind, name),
                    "create it first, or remove 'external'");
}

bool is_named_volume(const engine::Mount& mount) {
  return mount.type == engine::MountType::volume && !mount.source.empty();
}

}  // namespace

void ResourceSteps::create_missing() {
  for (const auto& [key, network] : project_.networks) {
    if (is_used(key) && !observed_.networks.contains(network.name)) {
      create_network(network);
    }
  }
  for (const auto& name : decisions_.order) {
    for (const auto& mount : project_.services.at(name).mounts) {
      if (is_named_volume(mount)) {
        create_volume(project_.volumes.at(mount.source));
      }
    }
  }
}

void ResourceSteps::create_network(const Network& network) {
  if (network.external) {
    refuse_external("network", network.name);
  }
  const std::string subject = "network:" + network.name;
  created_[subject] =
      steps_.add(Verb::create, subject, "does not exist", {}, network_request(project_, network));
}

void ResourceSteps::create_volume(const Volume& volume) {
  const std::string subject = "volume:" + volume.name;
  if (observed_.volumes.contains(volume.name) || created_.contains(subject)) {
    return;
  }
  if (volume.external) {
    refuse_external("volume", volume.name);
  }
  created_[subject] =
      steps_.add(Verb::create, subject, "does not exist", {}, volume_request(project_, volume));
}

void ResourceSteps::renew_changed(const Indices& removals) {
  constexpr const char* cause = "configuration changed";
  for (const auto& key : decisions_.networks_anew) {
    if (!is_used(key)) {
      continue;
    }
    const Network& network = project_.networks.at(key);
    const std::string subject = "network:" + network.name;
    const auto removal = steps_.add(Verb::remove, subject, cause, removals, RemoveNetwork{network.name});
    created_[subject] =
        steps_.add(Verb::create, subject, cause, {removal}, network_request(project_, network));
  }
}

Indices ResourceSteps::needed_by(const Service& service) const {
  Indices needed;
  const auto need = [&](const std::string& subject) {
    if (const auto found = created_.find(subject); found != created_.end()) {
      needed.push_back(found->second);
    }
  };
  for (const auto& network : service.networks) {
    need("network:" + project_.networks.at(network.first).name);
  }
  for (const auto& mount : service.mounts) {
    if (is_named_volume(mount)) {
      need("volume:" + project_.volumes.at(mount.source).name);
    }
  }
  return needed;
}

bool ResourceSteps::is_used(const std::string& network) const {
  return std::any_of(decisions_.order.begin(), decisions_.order.end(), [&](const std::string& name) {
    return project_.services.at(name).networks.contains(network);
  });
}

}  // namespace fresh::compose
