#include "bench/floor.h"

#include "base/clock.h"
#include "base/task_group.h"

#include <fmt/core.h>

#include <atomic>
#include <functional>

namespace fresh::bench {
namespace {

/// What is fastest on two processors: 40 raw starts on Docker took 4.8 s sixteen at a time, 5.4 s four at a
/// time.
int parallel(const engine::Engine& engine) {
  return engine.version().flavor == engine::Flavor::docker ? 16 : 4;
}

const engine::Call call{.deadline = std::chrono::minutes(2)};

std::string container(const Stack& stack, int number) {
  return fmt::format("{}-floor-{}", stack.name, number);
}

std::string network(const Stack& stack) {
  return stack.name + "-floor";
}

engine::Healthcheck check(const Stack& stack) {
  return {.test = {"CMD", "test", "-f", "/tmp/ready"},
          .interval = std::chrono::seconds(stack.interval_seconds),
          .timeout = std::chrono::seconds(5),
          .retries = 10};
}

/// Calls `act` with 0 to `count`-1, `workers` at a time.
void for_each(int count, int workers, const std::function<void(int)>& act) {
  std::atomic<int> next = 0;
  base::TaskGroup group;
  for (int worker = 0; worker < std::min(count, workers); ++worker) {
    group.start([&](const std::stop_token&) {
      for (int i = next++; i < count; i = next++) {
        act(i);
      }
    });
  }
  group.join();
}

}  // namespace

std::string Stack::compose_file(const std::string& image) const {
  std::string text = fmt::format("name: {}\nservices:\n", name);
  for (int i = 0; i < length; ++i) {
    text += fmt::format("  s{}:\n    image: {}\n    stop_signal: SIGKILL\n", i, image);
    if (!is_chain()) {
      text += "    command: [sleep, \"3600\"]\n";
      continue;
    }
    text += fmt::format(
        "    command: [sh, -c, \"touch /tmp/ready; exec sleep 3600\"]\n"
        "    healthcheck: {{test: [CMD, test, -f, /tmp/ready], interval: {}s, timeout: 5s, retries: 10}}\n",
        interval_seconds);
    if (i > 0) {
      text += fmt::format("    depends_on: {{s{}: {{condition: service_healthy}}}}\n", i - 1);
    }
  }
  return text;
}

void floor_up(engine::Engine& engine, const Stack& stack, const std::string& image) {
  engine.create_network({.name = network(stack)}, call);
  const auto create = [&](int number) {
    engine::ContainerSpec spec;
    spec.name = container(stack, number);
    spec.image = image;
    spec.command = stack.is_chain()
                       ? std::vector<std::string>{"sh", "-c", "touch /tmp/ready; exec sleep 3600"}
                       : std::vector<std::string>{"sleep", "3600"};
    spec.networks = {{network(stack), {}}};
    spec.stop_signal = "SIGKILL";
    if (stack.is_chain()) {
      spec.healthcheck = check(stack);
    }
    engine.create_container(spec, call);
  };
  if (!stack.is_chain()) {
    for_each(stack.length, parallel(engine), [&](int number) {
      create(number);
      engine.start_container(container(stack, number), call);
    });
    return;
  }
  for_each(stack.length, parallel(engine), create);
  const base::SystemClock clock;
  for (int number = 0; number < stack.length; ++number) {
    engine.start_container(container(stack, number), call);
    while (engine.probe_health(container(stack, number), check(stack), call).exit_code != 0) {
      clock.wait(base::Milliseconds(20), {});
    }
  }
}

void floor_down(engine::Engine& engine, const Stack& stack) {
  for_each(stack.length, parallel(engine),
           [&](int number) { engine.remove_container(container(stack, number), true, call); });
  engine.remove_network(network(stack), call);
}

}  // namespace fresh::bench
