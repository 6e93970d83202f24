#pragma once

#include "base/clock.h"
#include "compose/spec.h"
#include "engine/types.h"
#include "pipeline/bring_up.h"
#include "pipeline/config.h"
#include "pipeline/connect.h"
#include "pipeline/day_requests.h"
#include "pipeline/event_bus.h"
#include "pipeline/project.h"
#include "pipeline/service_state.h"
#include "pipeline/settings.h"
#include "state/run_lock.h"
#include "trust/credentials.h"
#include "trust/redact.h"

#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <stop_token>
#include <string>
#include <vector>

namespace fresh::pipeline {

struct Removal {
  std::vector<std::string> removed;
  std::vector<std::string> remaining;
};

struct Validity {
  std::size_t images = 0;
  std::size_t services = 0;
  std::size_t contracts = 0;
  std::vector<std::string> warnings;
};

/// How a container ended that somebody waited for.
struct Ended {
  std::string service;
  std::string container;
  int exit_code = 0;
  std::string shown;  ///< `exit code 137 (killed by SIGKILL)`
};

/// One look at one container: what it uses, and the share of a CPU since the look before.
struct Usage {
  StackContainer of;
  engine::ContainerUse use;
  double cpu_percent = 0;
};

/// The verbs of a developer's day: each reads the project (load_day_project), connects
/// where it must, and acts once. All throw base::Error as the gates would. They lie in files by family:
/// day_up, day_stop, day_look, day_talk, day_images.
class Day {
 public:
  Day(const Surroundings& surroundings, EventBus& bus, const base::Clock& clock, std::stop_token stop);

  /// Makes missing images, then brings the stack up behind its gates; takes the project's lock meanwhile.
  /// Returns the state of every service: `healthy` where a gate opened now, `not probed` where nothing had to
  /// be done.
  std::vector<ServiceState> up(const UpRequest& request);
  /// As `up`, and stays: hands on what the containers write until all have ended, a stop or, when it was
  /// asked for, the first end; then stops them, at once when `hurry` is requested. The exit code: 0, that of
  /// a container after an abort, or that of the interruption. A container that ended by itself with another
  /// code than 0 is a base::Error (deploy). `sink` is called by one thread at a time.
  int up_attached(const UpRequest& request, const AttachRequest& attach,
                  const std::function<void(const OutputLine&)>& sink, const std::stop_token& hurry);
  /// Starts containers that exist, or with `restart` stops and starts them; in order, behind their gates.
  void start(const std::vector<std::string>& services, bool restart, bool dependencies,
             std::optional<std::chrono::seconds> grace);
  /// What `up` would do, as text or JSON; asked through a type that cannot act.
  std::string plan(const UpRequest& request, bool as_json);
  compose::Project model();
  /// What `config` prints; no engine is asked.
  ConfigText config(const ConfigRequest& request);
  Validity validate();

  /// Removes what carries the project's label, or the containers of some services.
  Removal down(const DownRequest& request);
  void stop(const std::vector<std::string>& services, std::optional<std::chrono::seconds> grace);
  /// The containers that `remove` would remove: those that do not run, with `running` all.
  std::vector<StackContainer> removable(const std::vector<std::string>& services, bool running);
  void remove(const std::vector<StackContainer>& containers, bool volumes);
  /// With `remove_orphans` containers of services that the files no longer have go, too.
  void kill(const std::vector<std::string>& services, const std::string& signal, bool remove_orphans);
  void pause(const std::vector<std::string>& services, bool pause);
  /// Until the containers of the services have ended; in the order in which they do.
  void wait(const std::vector<std::string>& services, const std::function<void(const Ended&)>& sink);

  /// Every service of the stack; with `health`, each is probed now.
  std::vector<ServiceState> status(bool health);
  /// The project's containers, inspected; `one_offs` too when asked. A service that has none is an error.
  std::vector<StackContainer> containers(const std::vector<std::string>& services, bool one_offs);
  /// Log lines, of all services when none is named, of one container of each with an `index`. What the
  /// project keeps secret is hidden.
  void logs(const std::vector<std::string>& services, int index, const engine::LogRequest& request,
            const std::function<void(const OutputLine&)>& sink);
  std::vector<std::pair<StackContainer, engine::ProcessTable>> top(const std::vector<std::string>& services);
  /// `rounds` looks (0: until a stop), about a second apart; a first look is not shown. With `all` also at
  /// containers that do not run.
  void stats(const std::vector<std::string>& services, bool all, int rounds,
             const std::function<void(const std::vector<Usage>&)>& sink);
  void events(const std::vector<std::string>& services,
              const std::function<void(const engine::EngineEvent&)>& sink);
  std::vector<engine::Volume> volumes(const std::vector<std::string>& services);
  /// The container that `choice` means; refuses one that does not exist.
  StackContainer container(const ContainerChoice& choice);

  int exec(const ContainerChoice& choice, const engine::ExecRequest& request,
           const engine::Conversation& conversation,
           const std::function<void(engine::Stream, std::string_view)>& sink);
  void exec_detached(const ContainerChoice& choice, const engine::ExecRequest& request);
  /// Shows what a container writes and hands it input, until it ends; its exit code.
  bool has_terminal(const ContainerChoice& choice);
  int attach(const ContainerChoice& choice, const engine::Conversation& conversation,
             const std::function<void(engine::Stream, std::string_view)>& sink);
  /// Brings up what the service depends on, then runs one container to its end; its exit code. `on_begin` is
  /// called when the container is about to start. With `detach` its name goes to `sink`, and 0 is returned.
  int run_one_off(const OneOffRequest& request, const engine::Conversation& conversation,
                  const std::function<void(engine::Stream, std::string_view)>& sink,
                  const std::function<void()>& on_begin);
  /// Copies between this machine and a container: `SERVICE:PATH` on one side. `-` is a tar on the standard
  /// stream.
  void copy(const std::string& from, const std::string& to, int index, bool follow_link);

  std::vector<ServiceImage> build(const BuildServices& request);
  std::vector<ServiceImage> pull(const std::vector<std::string>& services, bool with_dependencies,
                                 const std::string& policy, bool ignore_failures);
  std::vector<ServiceImage> push(const std::vector<std::string>& services, bool with_dependencies,
                                 bool ignore_failures);
  /// The image of every service, with its container where there is one.
  std::vector<std::pair<ServiceImage, std::optional<engine::Image>>> service_images(
      const std::vector<std::string>& services);

  const ProjectSpec& project() const { return project_; }

 private:
  /// The project's lock, held by this process for `verb`.
  state::RunLock locked(const std::string& verb) const;
  Connection connected(bool may_start);
  engine::Call call(base::Milliseconds deadline) const { return {.deadline = deadline, .stop = stop_}; }
  /// The project's credentials, made where they are missing; what they say is hidden from now on.
  std::vector<trust::Credential> credentials();
  /// What bringing up this stack needs to know; it refers to its arguments.
  BringUpRequest bring_up_request(const compose::Project& stack,
                                  const std::vector<trust::Credential>& credentials,
                                  const std::string& engine_uri);
  /// The model with the profiles of the services that are named.
  compose::Project model_of(const std::vector<std::string>& services,
                            const std::vector<std::string>& profiles);
  /// The model with what the request changes in it.
  compose::Project model_for(const UpRequest& request);
  compose::PlanOptions plan_options(const UpRequest& request) const;
  /// Makes what images of the project and of services with `build` are missing, pulls what is always pulled.
  void provide_images(const compose::Project& stack, const UpRequest& request, engine::Engine& engine);
  engine::ImageId build_service(const compose::Project& stack, const compose::Service& service,
                                const BuildServices& request, engine::Engine& engine);
  std::vector<StackContainer> find(engine::EngineReader& engine, const std::vector<std::string>& services,
                                   bool one_offs);
  StackContainer choose(engine::EngineReader& engine, const ContainerChoice& choice);
  /// The model with all profiles, for what goes; nothing (with a warning) where it cannot be read.
  std::optional<compose::Project> model_to_stop();
  void act(const compose::Plan& plan, engine::Engine& engine);
  /// Stops what an attached `up` was about; kills it as soon as `hurry` is requested.
  void stop_attached(const compose::Project& stack, const UpRequest& request, engine::Engine& engine,
                     const std::stop_token& hurry);

  Surroundings surroundings_;
  EventBus& bus_;
  const base::Clock& clock_;
  std::stop_token stop_;
  ProjectSpec project_;
  std::shared_ptr<trust::Redactor> redactor_ = std::make_shared<trust::Redactor>(std::vector<std::string>());
};

/// Every project that the engine holds, by the labels on its containers, sorted by name.
std::vector<ListedProject> list_projects(const Surroundings& surroundings, bool all, EventBus& bus,
                                         const base::Clock& clock, const std::stop_token& stop);

/// How long a verb's look at the engine may take, and what follows until Ctrl-C.
inline constexpr base::Milliseconds look_deadline(60'000);
inline constexpr base::Milliseconds work_deadline(1'800'000);
inline constexpr base::Milliseconds follow_deadline = std::chrono::hours(24 * 20);

}  // namespace fresh::pipeline
