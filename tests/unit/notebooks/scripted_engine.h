#pragma once

#include "base/error.h"
#include "engine/engine.h"

#include <atomic>
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace fresh::notebooks::test {

/// What the one program in a container of ScriptedEngine does: it is the driver, played.
struct Play {
  std::string output = {};  ///< on stdout, while attached
  std::string logged = {};  ///< what the logs have; empty: the same
  int exit_code = 0;
  std::string executed = {};  ///< the executed notebook, empty: none
  bool hangs = false;         ///< until it is killed
  int cut_archives = 0;       ///< so many times the archive comes without content
  bool start_fails = false;
  bool oom_killed = false;
  bool loses_wait = false;  ///< the wait for its exit breaks at once; it ends a moment later
};

/// An engine in memory that runs notebooks' containers only. Any other call fails the test by an exception.
class ScriptedEngine final : public engine::Engine {
 public:
  /// The play of the container whose job names `notebook`.
  std::map<std::string, Play> plays;
  bool has_image = true;
  /// Waits on containers that hang last until a stop, instead of passing their deadline at once.
  bool hold = false;
  /// Every file that was put into any container, by absolute path.
  std::map<std::string, std::string> delivered;

  std::vector<engine::ContainerSpec> created() const {
    const std::scoped_lock lock(mutex_);
    return created_;
  }
  std::vector<std::string> calls() const {
    const std::scoped_lock lock(mutex_);
    return calls_;
  }
  std::set<std::string> left() const;
  int most_at_once() const { return most_at_once_; }

  const engine::Version& version() const override { return version_; }
  std::optional<engine::Image> find_image(const std::string& reference, const engine::Call&) override;
  std::optional<engine::Container> find_container(const std::string& id, const engine::Call&) override;
  engine::ContainerId create_container(const engine::ContainerSpec& spec, const engine::Call&) override;
  void put_archive(const std::string& id, const std::string& path, std::string_view tar,
                   const engine::Call&) override;
  std::unique_ptr<engine::PendingExit> arm_exit(const std::string& id, const engine::Call&) override;
  void attach(const std::string& id, const std::function<void()>& on_attached, const engine::StreamSink& sink,
              const engine::Call& call) override;
  void start_container(const std::string& id, const engine::Call&) override;
  void kill_container(const std::string& id, const std::string&, const engine::Call&) override;
  void logs(const std::string& id, const engine::LogRequest&, const engine::StreamSink& sink,
            const engine::Call&) override;
  void get_archive(const std::string& id, const std::string& path, const engine::ByteSink& sink,
                   const engine::Call&) override;
  bool remove_container(const std::string& id, bool, const engine::Call& call) override;

  engine::Info info(const engine::Call&) override { return unexpected<engine::Info>(); }
  std::optional<engine::PathFacts> find_path(const std::string&, const std::string&,
                                             const engine::Call&) override {
    return unexpected<std::optional<engine::PathFacts>>();
  }
  engine::ProcessTable processes(const std::string&, const engine::Call&) override {
    return unexpected<engine::ProcessTable>();
  }
  engine::ContainerUse use_of(const std::string&, const engine::Call&) override {
    return unexpected<engine::ContainerUse>();
  }
  void converse(const std::string&, const engine::Conversation&, const std::function<void()>&,
                const engine::StreamSink&, const engine::Call&) override {
    unexpected<bool>();
  }
  int converse_exec(const std::string&, const engine::ExecRequest&, const engine::Conversation&,
                    const engine::StreamSink&, const engine::Call&) override {
    return unexpected<int>();
  }
  void exec_detached(const std::string&, const engine::ExecRequest&, const engine::Call&) override {
    unexpected<bool>();
  }
  void put_archive_file(const std::string&, const std::string&, const std::string&,
                        const engine::Call&) override {
    unexpected<bool>();
  }
  std::vector<engine::Image> list_images(const engine::Labels&, const engine::Call&) override {
    return unexpected<std::vector<engine::Image>>();
  }
  std::vector<engine::Container> list_containers(const engine::ContainerFilter&,
                                                 const engine::Call&) override {
    return unexpected<std::vector<engine::Container>>();
  }
  std::optional<engine::Network> find_network(const std::string&, const engine::Call&) override {
    return unexpected<std::optional<engine::Network>>();
  }
  std::vector<engine::Network> list_networks(const engine::Labels&, const engine::Call&) override {
    return unexpected<std::vector<engine::Network>>();
  }
  std::optional<engine::Volume> find_volume(const std::string&, const engine::Call&) override {
    return unexpected<std::optional<engine::Volume>>();
  }
  std::vector<engine::Volume> list_volumes(const engine::Labels&, const engine::Call&) override {
    return unexpected<std::vector<engine::Volume>>();
  }
  void events(const engine::Labels&, const std::function<void()>&,
              const std::function<void(const engine::EngineEvent&)>&, const engine::Call&) override {
    unexpected<int>();
  }
  void save_image(const std::string&, const engine::ByteSink&, const engine::Call&) override {
    unexpected<int>();
  }
  engine::ImageId pull(const engine::PullRequest&, const engine::ProgressSink&,
                       const engine::Call&) override {
    return unexpected<engine::ImageId>();
  }
  engine::ImageId build(const engine::BuildRequest&, const engine::ProgressSink&,
                        const engine::Call&) override {
    return unexpected<engine::ImageId>();
  }
  std::vector<std::string> load_image(const std::string&, const engine::Call&) override {
    return unexpected<std::vector<std::string>>();
  }
  void tag_image(const std::string&, const std::string&, const engine::Call&) override { unexpected<int>(); }
  void push_image(const std::string&, const std::optional<engine::RegistryAuth>&, bool,
                  const engine::ProgressSink&, const engine::Call&) override {
    unexpected<int>();
  }
  bool remove_image(const std::string&, bool, const engine::Call&) override { return unexpected<bool>(); }
  void stop_container(const std::string&, std::optional<std::chrono::seconds>, const engine::Call&) override {
    unexpected<int>();
  }
  void pause_container(const std::string&, const engine::Call&) override { unexpected<int>(); }
  void prepare_container(const std::string&, const engine::Call&) override { unexpected<int>(); }
  void unpause_container(const std::string&, const engine::Call&) override { unexpected<int>(); }
  void rename_container(const std::string&, const std::string&, const engine::Call&) override {
    unexpected<int>();
  }
  engine::ExecResult exec(const std::string&, const engine::ExecRequest&, const engine::StreamSink&,
                          const engine::Call&) override {
    return unexpected<engine::ExecResult>();
  }
  engine::HealthRun probe_health(const std::string&, const engine::Healthcheck&,
                                 const engine::Call&) override {
    return unexpected<engine::HealthRun>();
  }
  void create_network(const engine::NetworkSpec&, const engine::Call&) override { unexpected<int>(); }
  bool remove_network(const std::string&, const engine::Call&) override { return unexpected<bool>(); }
  void connect_network(const std::string&, const std::string&, const engine::EndpointSettings&,
                       const engine::Call&) override {
    unexpected<int>();
  }
  void disconnect_network(const std::string&, const std::string&, const engine::Call&) override {
    unexpected<int>();
  }
  void create_volume(const engine::VolumeSpec&, const engine::Call&) override { unexpected<int>(); }
  bool remove_volume(const std::string&, const engine::Call&) override { return unexpected<bool>(); }

 private:
  struct Box {
    engine::ContainerSpec spec;
    std::string notebook;
    Play play;
    std::string state = "created";
    int exit_code = 0;
  };
  class Exit;

  template <typename T>
  [[noreturn]] static T unexpected() {
    throw base::Error(base::ExitCode::bug, "this call is no part of running a notebook");
  }
  template <typename F>
  auto with_lock(const F& f) const {
    const std::scoped_lock lock(mutex_);
    return f();
  }
  void end(Box& box, int exit_code);
  void wait_until(const std::string& id, const std::string& state, const engine::Call& call);

  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  std::map<std::string, Box> boxes_;
  std::vector<engine::ContainerSpec> created_;
  std::vector<std::string> calls_;
  int running_ = 0;
  std::atomic<int> most_at_once_ = 0;
  engine::Version version_;
};

}  // namespace fresh::notebooks::test
