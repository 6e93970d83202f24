#include "support/fake_engine.h"

#include "support/fake_answers.h"

#include <algorithm>

namespace fresh::test {

using engine::Call;
using engine::Fault;

class FakeExit final : public engine::PendingExit {
 public:
  FakeExit(FakeEngine& engine, std::string container, int ends)
      : engine_(engine), container_(std::move(container)), ends_(ends) {}
  int wait(const Call& call) override { return engine_.wait_for_end(container_, ends_, call); }

 private:
  FakeEngine& engine_;
  std::string container_;
  int ends_;
};

FakeEngine::FakeEngine(engine::Flavor flavor) : version_{.flavor = flavor, .engine = "0", .api = "1.41"} {}

void FakeEngine::log(const std::string& call) {
  calls_.push_back(call);
}

void FakeEngine::add_image(const std::string& reference, const std::string& hex, bool has_healthcheck) {
  const std::scoped_lock lock(mutex_);
  engine::Image image;
  image.id = {hex};
  image.tags = {reference};
  image.has_healthcheck = has_healthcheck;
  images_[reference] = image;
}

std::vector<std::string> FakeEngine::calls() const {
  const std::scoped_lock lock(mutex_);
  return calls_;
}

void FakeEngine::forget_calls() {
  const std::scoped_lock lock(mutex_);
  calls_.clear();
}

engine::Container* FakeEngine::find(const std::string& name) {
  const auto found = std::find_if(containers_.begin(), containers_.end(), [&](const auto& entry) {
    return entry.first == name || entry.second.id.hex == name;
  });
  return found == containers_.end() ? nullptr : &found->second;
}

engine::Container& FakeEngine::need(const std::string& name) {
  engine::Container* found = find(name);
  if (found == nullptr) {
    no_such("container " + name);
  }
  return *found;
}

void FakeEngine::finish(engine::Container& container, int exit_code) {
  container.state = "exited";
  container.exit_code = exit_code;
  container.finished_at = "2026-01-01T00:00:01Z";
  container.oom_killed = behaviours_[container.name].out_of_memory;
  ++ends_[container.name];
  changed_.notify_all();
}

void FakeEngine::end(const std::string& container, int exit_code) {
  const std::scoped_lock lock(mutex_);
  finish(need(container), exit_code);
}

int FakeEngine::wait_for_end(const std::string& container, int ends, const Call& call) {
  std::unique_lock lock(mutex_);
  const std::stop_callback wake(call.stop, [this] { changed_.notify_all(); });
  const bool ended = changed_.wait_for(lock, call.deadline,
                                       [&] { return ends_[container] > ends || call.stop.stop_requested(); });
  if (call.stop.stop_requested()) {
    throw base::Interrupted("waiting for " + container);
  }
  if (!ended) {
    refuse(Fault::timed_out, 0, fmt::format("{} did not end", container));
  }
  return containers_[container].exit_code;
}

engine::Info FakeEngine::info(const Call& /*call*/) {
  return {};
}

std::optional<engine::Container> FakeEngine::find_container(const std::string& name, const Call& /*call*/) {
  const std::scoped_lock lock(mutex_);
  const engine::Container* found = find(name);
  log("inspect " + (found == nullptr ? name : found->name));
  return found == nullptr ? std::nullopt : std::optional(*found);
}

std::vector<engine::Container> FakeEngine::list_containers(const engine::ContainerFilter& filter,
                                                           const Call& /*call*/) {
  const std::scoped_lock lock(mutex_);
  log("list containers");
  std::vector<engine::Container> result;
  for (const auto& entry : containers_) {
    const engine::Container& all = entry.second;
    if (carries(all.labels, filter.labels) && (filter.all || all.state == "running")) {
      engine::Container listed;
      listed.id = all.id;
      listed.name = all.name;
      listed.image = all.image;
      listed.state = all.state;
      listed.labels = all.labels;
      result.push_back(std::move(listed));
    }
  }
  return result;
}

void FakeEngine::logs(const std::string& container, const engine::LogRequest& /*request*/,
                      const engine::StreamSink& sink, const Call& /*call*/) {
  std::string text;
  {
    const std::scoped_lock lock(mutex_);
    log("logs " + container);
    text = behaviours_[need(container).name].out;
  }
  sink(engine::Stream::out, text);
}

void FakeEngine::events(const engine::Labels& /*labels*/, const std::function<void()>& /*on_subscribed*/,
                        const std::function<void(const engine::EngineEvent&)>& /*sink*/,
                        const Call& /*call*/) {
  not_faked("events");
}

void FakeEngine::get_archive(const std::string& container, const std::string& /*path*/,
                             const engine::ByteSink& sink, const Call& /*call*/) {
  sink(archives_.at(container));
}

engine::ContainerId FakeEngine::create_container(const engine::ContainerSpec& spec, const Call& /*call*/) {
  const std::scoped_lock lock(mutex_);
  log("create container " + spec.name);
  if (containers_.contains(spec.name)) {
    refuse(Fault::conflict, 409, fmt::format("the name {} is in use", spec.name));
  }
  if (const auto& error = behaviours_[spec.name].create_error) {
    throw *error;
  }
  const auto image = value(images_, spec.image);
  if (!image) {
    no_such("image " + spec.image);
  }
  engine::Container container;
  for (const auto& [network, settings] : spec.networks) {
    if (!networks_.contains(network)) {
      no_such("network " + network);
    }
    container.networks[network] = settings.aliases;
  }
  container.id = {fmt::format("{:064x}", ++made_)};
  container.name = spec.name;
  container.image = spec.image;
  container.image_id = image->id;
  container.state = "created";
  container.labels = spec.labels;
  container.mounts = spec.mounts;
  if (spec.healthcheck || image->has_healthcheck) {
    container.health = "starting";
  }
  containers_[spec.name] = container;
  specs_[spec.name] = spec;
  return container.id;
}

void FakeEngine::prepare_container(const std::string& name, const Call& /*call*/) {
  const std::scoped_lock lock(mutex_);
  log("prepare container " + name);
  need(name);
  if (const auto& error = behaviours_[name].prepare_error) {
    throw *error;
  }
}

void FakeEngine::start_container(const std::string& name, const Call& /*call*/) {
  const std::scoped_lock lock(mutex_);
  engine::Container& container = need(name);
  log("start " + container.name);
  Behaviour& behaviour = behaviours_[container.name];
  if (behaviour.start_error) {
    throw *behaviour.start_error;
  }
  container.state = "running";
  container.started_at = "2026-01-01T00:00:00Z";
  container.finished_at.clear();
  container.ports = specs_[container.name].ports;
  if (behaviour.exit_code && !behaviour.ends_at_probe) {
    finish(container, *behaviour.exit_code);
    container.state = behaviour.restarts ? "restarting" : container.state;
  }
}

void FakeEngine::stop_container(const std::string& name, std::optional<std::chrono::seconds> /*grace*/,
                                const Call& /*call*/) {
  const std::scoped_lock lock(mutex_);
  engine::Container& container = need(name);
  log("stop " + container.name);
  if (container.state == "running" || container.state == "paused") {
    finish(container, 143);
  }
}

void FakeEngine::kill_container(const std::string& name, const std::string& signal, const Call& /*call*/) {
  const std::scoped_lock lock(mutex_);
  engine::Container& container = need(name);
  log(fmt::format("kill {} {}", container.name, signal));
  if (container.state != "running") {
    refuse(Fault::conflict, 409, container.name + " is not running");
  }
  finish(container, 137);
}

void FakeEngine::pause_container(const std::string& name, const Call& /*call*/) {
  const std::scoped_lock lock(mutex_);
  log("pause " + need(name).name);
  need(name).state = "paused";
}

void FakeEngine::unpause_container(const std::string& name, const Call& /*call*/) {
  const std::scoped_lock lock(mutex_);
  log("unpause " + need(name).name);
  need(name).state = "running";
}

void FakeEngine::rename_container(const std::string& name, const std::string& new_name,
                                  const Call& /*call*/) {
  const std::scoped_lock lock(mutex_);
  engine::Container* found = find(name);
  log("rename container " + name);
  if (found == nullptr) {
    no_such("container " + name);
  }
  if (containers_.contains(new_name)) {
    refuse(Fault::conflict, 409, fmt::format("the name {} is in use", new_name));
  }
  const std::string own_name = found->name;
  auto container = containers_.extract(own_name);
  container.key() = new_name;
  container.mapped().name = new_name;
  containers_.insert(std::move(container));
  auto spec = specs_.extract(own_name);
  spec.key() = new_name;
  specs_.insert(std::move(spec));
  if (auto archive = archives_.extract(own_name); !archive.empty()) {
    archive.key() = new_name;
    archives_.insert(std::move(archive));
  }
}

bool FakeEngine::remove_container(const std::string& name, bool /*volumes*/, const Call& /*call*/) {
  const std::scoped_lock lock(mutex_);
  engine::Container* container = find(name);
  log("remove container " + name);
  if (container == nullptr) {
    return false;
  }
  if (container->state == "running") {
    finish(*container, 137);
  }
  const std::string own_name = container->name;
  specs_.erase(own_name);
  containers_.erase(own_name);
  return true;
}

std::unique_ptr<engine::PendingExit> FakeEngine::arm_exit(const std::string& name, const Call& /*call*/) {
  const std::scoped_lock lock(mutex_);
  const engine::Container& container = need(name);
  log("arm exit " + container.name);
  return std::make_unique<FakeExit>(*this, container.name, ends_[container.name]);
}

void FakeEngine::attach(const std::string& name, const std::function<void()>& on_attached,
                        const engine::StreamSink& sink, const Call& call) {
  int ends = 0;
  std::string container;
  {
    const std::scoped_lock lock(mutex_);
    container = need(name).name;
    log("attach " + container);
    ends = ends_[container];
  }
  on_attached();
  wait_for_end(container, ends, call);
  std::string text;
  {
    const std::scoped_lock lock(mutex_);
    text = behaviours_[container].out;
  }
  sink(engine::Stream::out, text);
}

engine::HealthRun FakeEngine::probe_health(const std::string& name, const engine::Healthcheck& /*check*/,
                                           const Call& /*call*/) {
  const std::scoped_lock lock(mutex_);
  engine::Container& container = need(name);
  log("probe " + container.name);
  Behaviour& behaviour = behaviours_[container.name];
  if (behaviour.ends_at_probe && ++probes_[container.name] >= *behaviour.ends_at_probe &&
      container.state == "running") {
    finish(container, behaviour.exit_code.value_or(1));
  }
  if (container.state != "running") {
    refuse(Fault::conflict, 409, container.name + " is not running");
  }
  if (behaviour.probes.empty()) {
    return {};
  }
  engine::HealthRun run = behaviour.probes.front();
  if (behaviour.probes.size() > 1) {
    behaviour.probes.pop_front();
  }
  return run;
}

void FakeEngine::put_archive(const std::string& name, const std::string& path, std::string_view tar,
                             const Call& /*call*/) {
  const std::scoped_lock lock(mutex_);
  const engine::Container& container = need(name);
  log(fmt::format("put archive {} {}", container.name, path));
  archives_[container.name] = tar;
}

}  // namespace fresh::test
