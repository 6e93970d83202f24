#include "support/fake_answers.h"
#include "support/fake_engine.h"

namespace fresh::test {

using engine::Call;
using engine::Fault;

std::optional<engine::Network> FakeEngine::find_network(const std::string& name, const Call& /*call*/) {
  const std::scoped_lock lock(mutex_);
  return value(networks_, name);
}

std::vector<engine::Network> FakeEngine::list_networks(const engine::Labels& labels, const Call& /*call*/) {
  const std::scoped_lock lock(mutex_);
  log("list networks");
  return values(networks_, labels);
}

std::optional<engine::Volume> FakeEngine::find_volume(const std::string& name, const Call& /*call*/) {
  const std::scoped_lock lock(mutex_);
  return value(volumes_, name);
}

std::vector<engine::Volume> FakeEngine::list_volumes(const engine::Labels& labels, const Call& /*call*/) {
  const std::scoped_lock lock(mutex_);
  log("list volumes");
  return values(volumes_, labels);
}

void FakeEngine::create_network(const engine::NetworkSpec& spec, const Call& /*call*/) {
  const std::scoped_lock lock(mutex_);
  log("create network " + spec.name);
  if (networks_.contains(spec.name)) {
    refuse(Fault::conflict, 409, fmt::format("network {} already exists", spec.name));
  }
  engine::Network network;
  network.name = spec.name;
  network.driver = spec.driver;
  network.internal = spec.internal;
  network.labels = spec.labels;
  network.subnets = spec.subnets;
  networks_[spec.name] = network;
}

bool FakeEngine::remove_network(const std::string& name, const Call& /*call*/) {
  const std::scoped_lock lock(mutex_);
  log("remove network " + name);
  for (const auto& entry : containers_) {
    if (entry.second.networks.contains(name)) {
      refuse(Fault::conflict, 409, fmt::format("network {} is in use by {}", name, entry.first));
    }
  }
  return networks_.erase(name) > 0;
}

void FakeEngine::connect_network(const std::string& network, const std::string& name,
                                 const engine::EndpointSettings& settings, const Call& /*call*/) {
  const std::scoped_lock lock(mutex_);
  log(fmt::format("connect {} {}", network, name));
  need(name).networks[network] = settings.aliases;
}

void FakeEngine::disconnect_network(const std::string& network, const std::string& name,
                                    const Call& /*call*/) {
  const std::scoped_lock lock(mutex_);
  log(fmt::format("disconnect {} {}", network, name));
  need(name).networks.erase(network);
}

void FakeEngine::create_volume(const engine::VolumeSpec& spec, const Call& /*call*/) {
  const std::scoped_lock lock(mutex_);
  log("create volume " + spec.name);
  engine::Volume volume;
  volume.name = spec.name;
  volume.driver = spec.driver;
  volume.labels = spec.labels;
  volumes_.emplace(spec.name, volume);
}

bool FakeEngine::remove_volume(const std::string& name, const Call& /*call*/) {
  const std::scoped_lock lock(mutex_);
  log("remove volume " + name);
  return volumes_.erase(name) > 0;
}

}  // namespace fresh::test
