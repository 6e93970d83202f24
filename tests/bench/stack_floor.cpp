#include "bench/stack_floor.h"

#include "base/clock.h"
#include "base/task_group.h"
#include "compose/inject.h"
#include "compose/request.h"

#include <atomic>
#include <functional>
#include <stdexcept>

namespace fresh::bench {
namespace {

constexpr base::Milliseconds between_probes(50);
constexpr base::Milliseconds between_looks(5);
constexpr base::Milliseconds longest(300'000);  // of the whole start
const engine::Call call{.deadline = std::chrono::minutes(5)};

std::string container(const compose::Project& stack, const compose::Service& service) {
  return compose::container_name(stack, service, 1);
}

/// All services at a time; the first failure stops the others.
void for_each(const compose::Project& stack,
              const std::function<void(const compose::Service&, const std::stop_token&)>& act) {
  base::TaskGroup group;
  for (const auto& [name, service] : stack.services) {
    group.start([&act, &service](const std::stop_token& stop) { act(service, stop); });
  }
  group.join();
}

/// Asks again until it is so; throws at the deadline and on stop.
void await(const std::function<bool()>& is_so, base::Milliseconds pause, const std::string& what,
           const std::stop_token& stop) {
  const base::SystemClock clock;
  const auto until = clock.steady() + longest;
  while (!is_so()) {
    if (clock.steady() >= until || !clock.wait(pause, stop)) {
      throw std::runtime_error("floor: " + what + " is not healthy");
    }
  }
}

}  // namespace

void floor_up(engine::Engine& engine, const compose::Project& stack) {
  for (const auto& [key, network] : stack.networks) {
    engine.create_network(compose::network_request(stack, network), call);
  }
  for (const auto& [key, volume] : stack.volumes) {
    engine.create_volume(compose::volume_request(stack, volume), call);
  }
  std::map<std::string, std::atomic<bool>> healthy;
  for (const auto& [name, service] : stack.services) {
    healthy[name] = false;
  }
  for_each(stack, [&](const compose::Service& service, const std::stop_token& stop) {
    const std::string name = container(stack, service);
    engine.create_container(compose::container_request(stack, service, 1, std::nullopt), call);
    for (const auto& [folder, files] : compose::injected_files(service, stack)) {
      engine.put_archive(name, folder, compose::tar_of(files, folder), call);
    }
    for (const auto& [other, dependency] : service.depends_on) {
      await([&] { return healthy.at(other).load(); }, between_looks, other, stop);
    }
    engine.start_container(name, call);
    await(
        [&] {
          return !service.healthcheck || engine.probe_health(name, *service.healthcheck, call).exit_code == 0;
        },
        between_probes, service.name, stop);
    healthy.at(service.name) = true;
  });
}

void floor_down(engine::Engine& engine, const compose::Project& stack) {
  for_each(stack, [&](const compose::Service& service, const std::stop_token& /*stop*/) {
    engine.remove_container(container(stack, service), true, call);
  });
  for (const auto& [key, network] : stack.networks) {
    engine.remove_network(network.name, call);
  }
  for (const auto& [key, volume] : stack.volumes) {
    engine.remove_volume(volume.name, call);
  }
}

}  // namespace fresh::bench
