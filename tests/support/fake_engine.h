#pragma once

#include "engine/engine.h"

#include <atomic>
#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <string>
#include <vector>

namespace fresh::test {

/// How a container of the fake behaves once it is started; set by name before the test acts.
struct Behaviour {
  std::deque<engine::HealthRun> probes = {};  ///< answers in turn, the last one for ever; none: healthy
  std::optional<int> exit_code =
      {};                 ///< the program ends at once with this code; none: it runs until stopped
  bool restarts = false;  ///< its restart policy is about to start it again
  std::optional<int> ends_at_probe = {};  ///< the program ends with exit_code at this probe, counted from 1
  bool out_of_memory = false;
  std::string out = {};  ///< what it writes
  std::optional<engine::EngineError> create_error = {};
  std::optional<engine::EngineError> prepare_error = {};
  std::optional<engine::EngineError> start_error = {};
  std::map<std::string, engine::ExecResult> execs = {};  ///< by command, words joined by blanks
  std::map<std::string, engine::PathFacts> paths = {};
  engine::ContainerUse use = {};
};

/// An engine in memory that keeps the rules which the real ones keep: unique names, 404 and 409, no removal
/// of a network in use, exits only of what ran. Every call is logged as `verb object`; requests are kept as
/// they came.
class FakeEngine : public engine::Engine {
 public:
  explicit FakeEngine(engine::Flavor flavor = engine::Flavor::podman);

  // What tests set and read.
  void add_image(const std::string& reference, const std::string& hex, bool has_healthcheck = false);
  Behaviour& behaviour(const std::string& container) { return behaviours_[container]; }
  /// Ends a running container as a crash would.
  void end(const std::string& container, int exit_code);
  std::vector<std::string> calls() const;
  void forget_calls();
  const engine::ContainerSpec& spec_of(const std::string& container) const { return specs_.at(container); }
  const std::vector<engine::BuildRequest>& builds() const { return builds_; }
  const std::string& archive_of(const std::string& container) const { return archives_.at(container); }

  const engine::Version& version() const override { return version_; }
  engine::Info info(const engine::Call& call) override;
  std::optional<engine::Image> find_image(const std::string& reference, const engine::Call& call) override;
  std::vector<engine::Image> list_images(const engine::Labels& labels, const engine::Call& call) override;
  std::optional<engine::Container> find_container(const std::string& name, const engine::Call& call) override;
  std::vector<engine::Container> list_containers(const engine::ContainerFilter& filter,
                                                 const engine::Call& call) override;
  std::optional<engine::Network> find_network(const std::string& name, const engine::Call& call) override;
  std::vector<engine::Network> list_networks(const engine::Labels& labels, const engine::Call& call) override;
  std::optional<engine::Volume> find_volume(const std::string& name, const engine::Call& call) override;
  std::vector<engine::Volume> list_volumes(const engine::Labels& labels, const engine::Call& call) override;
  void logs(const std::string& container, const engine::LogRequest& request, const engine::StreamSink& sink,
            const engine::Call& call) override;
  void events(const engine::Labels& labels, const std::function<void()>& on_subscribed,
              const std::function<void(const engine::EngineEvent&)>& sink, const engine::Call& call) override;
  void get_archive(const std::string& container, const std::string& path, const engine::ByteSink& sink,
                   const engine::Call& call) override;
  std::optional<engine::PathFacts> find_path(const std::string& container, const std::string& path,
                                             const engine::Call& call) override;
  engine::ProcessTable processes(const std::string& container, const engine::Call& call) override;
  engine::ContainerUse use_of(const std::string& container, const engine::Call& call) override;
  void save_image(const std::string& reference, const engine::ByteSink& sink,
                  const engine::Call& call) override;

  engine::ImageId pull(const engine::PullRequest& request, const engine::ProgressSink& progress,
                       const engine::Call& call) override;
  engine::ImageId build(const engine::BuildRequest& request, const engine::ProgressSink& progress,
                        const engine::Call& call) override;
  std::vector<std::string> load_image(const std::string& archive_file, const engine::Call& call) override;
  void tag_image(const std::string& reference, const std::string& new_tag, const engine::Call& call) override;
  void push_image(const std::string& reference, const std::optional<engine::RegistryAuth>& auth,
                  bool verify_tls, const engine::ProgressSink& progress, const engine::Call& call) override;
  bool remove_image(const std::string& reference, bool force, const engine::Call& call) override;
  engine::ContainerId create_container(const engine::ContainerSpec& spec, const engine::Call& call) override;
  void prepare_container(const std::string& container, const engine::Call& call) override;
  void start_container(const std::string& container, const engine::Call& call) override;
  void stop_container(const std::string& container, std::optional<std::chrono::seconds> grace,
                      const engine::Call& call) override;
  void kill_container(const std::string& container, const std::string& signal,
                      const engine::Call& call) override;
  void pause_container(const std::string& container, const engine::Call& call) override;
  void unpause_container(const std::string& container, const engine::Call& call) override;
  void rename_container(const std::string& container, const std::string& name,
                        const engine::Call& call) override;
  bool remove_container(const std::string& container, bool volumes, const engine::Call& call) override;
  std::unique_ptr<engine::PendingExit> arm_exit(const std::string& container,
                                                const engine::Call& call) override;
  void attach(const std::string& container, const std::function<void()>& on_attached,
              const engine::StreamSink& sink, const engine::Call& call) override;
  engine::ExecResult exec(const std::string& container, const engine::ExecRequest& request,
                          const engine::StreamSink& sink, const engine::Call& call) override;
  engine::HealthRun probe_health(const std::string& container, const engine::Healthcheck& check,
                                 const engine::Call& call) override;
  void put_archive(const std::string& container, const std::string& path, std::string_view tar,
                   const engine::Call& call) override;
  void put_archive_file(const std::string& container, const std::string& path, const std::string& tar_file,
                        const engine::Call& call) override;
  void converse(const std::string& container, const engine::Conversation& conversation,
                const std::function<void()>& on_attached, const engine::StreamSink& sink,
                const engine::Call& call) override;
  int converse_exec(const std::string& container, const engine::ExecRequest& request,
                    const engine::Conversation& conversation, const engine::StreamSink& sink,
                    const engine::Call& call) override;
  void exec_detached(const std::string& container, const engine::ExecRequest& request,
                     const engine::Call& call) override;
  void create_network(const engine::NetworkSpec& spec, const engine::Call& call) override;
  bool remove_network(const std::string& name, const engine::Call& call) override;
  void connect_network(const std::string& network, const std::string& container,
                       const engine::EndpointSettings& settings, const engine::Call& call) override;
  void disconnect_network(const std::string& network, const std::string& container,
                          const engine::Call& call) override;
  void create_volume(const engine::VolumeSpec& spec, const engine::Call& call) override;
  bool remove_volume(const std::string& name, const engine::Call& call) override;

 private:
  friend class FakeExit;

  void log(const std::string& call);
  engine::ExecResult answer_exec(const std::string& container, const engine::ExecRequest& request);
  engine::Container& need(const std::string& name);
  engine::Container* find(const std::string& name);
  void finish(engine::Container& container, int exit_code);
  /// Waits until the container has ended once more than `ends` times; for arm_exit and attach.
  int wait_for_end(const std::string& container, int ends, const engine::Call& call);

  engine::Version version_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> calls_;
  std::map<std::string, engine::Image> images_;
  std::vector<engine::BuildRequest> builds_;
  std::map<std::string, engine::Container> containers_;
  std::map<std::string, engine::ContainerSpec> specs_;
  std::map<std::string, std::string> archives_;
  std::map<std::string, Behaviour> behaviours_;
  std::map<std::string, int> probes_;
  std::map<std::string, int> ends_;
  std::map<std::string, engine::Network> networks_;
  std::map<std::string, engine::Volume> volumes_;
  int made_ = 0;
};

}  // namespace fresh::test
