#pragma once

#include "engine/engine_error.h"
#include "engine/types.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace fresh::engine {

/// How long a call may take in all, and what stops it. A call that is stopped throws base::Interrupted, one
/// whose deadline passes throws EngineError(timed_out).
struct Call {
  std::chrono::milliseconds deadline{30'000};
  std::stop_token stop = {};
};

/// One line of progress of a pull or build, for people.
using ProgressSink = std::function<void(std::string_view line)>;
/// Bytes of a container's stream as they come.
using StreamSink = std::function<void(Stream stream, std::string_view bytes)>;
/// Bytes of an archive; nothing to keep in memory.
using ByteSink = std::function<void(std::string_view bytes)>;

/// An armed wait: the engine has accepted it, so an exit that happens from now on is not missed.
class PendingExit {
 public:
  virtual ~PendingExit() = default;
  /// The exit code; call within `call.deadline`. Says nothing of a container that never ran: inspect it.
  virtual int wait(const Call& call) = 0;
};

/// The calls that only look. A plan is made through this type, so it cannot act.
class EngineReader {
 public:
  virtual ~EngineReader() = default;

  /// Which engine this is; known since the connection was made.
  virtual const Version& version() const = 0;
  virtual Info info(const Call& call) = 0;
  virtual std::optional<Image> find_image(const std::string& reference, const Call& call) = 0;
  virtual std::vector<Image> list_images(const Labels& labels, const Call& call) = 0;
  virtual std::optional<Container> find_container(const std::string& name_or_id, const Call& call) = 0;
  /// Sorted by name. List entries carry id, name, image, state, labels and ports; inspect for the rest.
  virtual std::vector<Container> list_containers(const ContainerFilter& filter, const Call& call) = 0;
  virtual std::optional<Network> find_network(const std::string& name, const Call& call) = 0;
  virtual std::vector<Network> list_networks(const Labels& labels, const Call& call) = 0;
  virtual std::optional<Volume> find_volume(const std::string& name, const Call& call) = 0;
  virtual std::vector<Volume> list_volumes(const Labels& labels, const Call& call) = 0;
  /// Logs so far, or followed until the container stops.
  virtual void logs(const std::string& container, const LogRequest& request, const StreamSink& sink,
                    const Call& call) = 0;
  /// Events until `call` is stopped or its deadline passes (both end normally); `on_subscribed` once
  /// listening.
  virtual void events(const Labels& labels, const std::function<void()>& on_subscribed,
                      const std::function<void(const EngineEvent&)>& sink, const Call& call) = 0;
  /// GET /containers/{id}/archive: a tar of `path`. Throws not_found for a missing path.
  virtual void get_archive(const std::string& container, const std::string& path, const ByteSink& sink,
                           const Call& call) = 0;
  /// What `path` is in a container, links followed; nothing where it does not exist.
  virtual std::optional<PathFacts> find_path(const std::string& container, const std::string& path,
                                             const Call& call) = 0;
  /// The processes of a running container, in the columns of the engine.
  virtual ProcessTable processes(const std::string& container, const Call& call) = 0;
  /// What a running container uses at this moment, counted since its start.
  virtual ContainerUse use_of(const std::string& container, const Call& call) = 0;
  /// GET /images/{name}/get as a docker-archive.
  virtual void save_image(const std::string& reference, const ByteSink& sink, const Call& call) = 0;
};

/// A container engine: one function = one REST call (exec is three, create with several networks may be
/// several on old Docker). Safe to call from several threads. Refusals are EngineError with exit code
/// `deploy`, a dead engine `machine`.
class Engine : public EngineReader {
 public:
  /// The image id; success only after an id frame, no error frame and a complete transfer.
  virtual ImageId pull(const PullRequest& request, const ProgressSink& progress, const Call& call) = 0;
  virtual ImageId build(const BuildRequest& request, const ProgressSink& progress, const Call& call) = 0;
  /// POST /images/load of a docker-archive file on this machine; the names that were loaded.
  virtual std::vector<std::string> load_image(const std::string& archive_file, const Call& call) = 0;
  virtual void tag_image(const std::string& reference, const std::string& new_tag, const Call& call) = 0;
  virtual void push_image(const std::string& reference, const std::optional<RegistryAuth>& auth,
                          bool verify_tls, const ProgressSink& progress, const Call& call) = 0;
  /// True when it was there.
  virtual bool remove_image(const std::string& reference, bool force, const Call& call) = 0;

  virtual ContainerId create_container(const ContainerSpec& spec, const Call& call) = 0;
  /// Podman alone: POST /containers/{id}/init, which sets up network, mounts and namespaces of a created
  /// container, so that its start has only its program left to run.
  virtual void prepare_container(const std::string& container, const Call& call) = 0;
  virtual void start_container(const std::string& container, const Call& call) = 0;
  /// Stops with the grace period, then kills. Fine when it does not run.
  virtual void stop_container(const std::string& container, std::optional<std::chrono::seconds> grace,
                              const Call& call) = 0;
  virtual void kill_container(const std::string& container, const std::string& signal, const Call& call) = 0;
  virtual void pause_container(const std::string& container, const Call& call) = 0;
  virtual void unpause_container(const std::string& container, const Call& call) = 0;
  virtual void rename_container(const std::string& container, const std::string& name, const Call& call) = 0;
  /// Removes by force, with its anonymous volumes when asked. True when it was there.
  virtual bool remove_container(const std::string& container, bool volumes, const Call& call) = 0;
  /// Arms a wait for the next exit; send it before start.
  virtual std::unique_ptr<PendingExit> arm_exit(const std::string& container, const Call& call) = 0;
  /// POST /containers/{id}/attach: output live until the container ends; attach before start. `on_attached`
  /// once armed.
  virtual void attach(const std::string& container, const std::function<void()>& on_attached,
                      const StreamSink& sink, const Call& call) = 0;
  virtual ExecResult exec(const std::string& container, const ExecRequest& request, const StreamSink& sink,
                          const Call& call) = 0;
  /// Attaches to a running or a created container with input and, where it has one, a terminal; `on_attached`
  /// once armed. Returns when the container ends or the user detaches (Ctrl-P Ctrl-Q in a terminal).
  virtual void converse(const std::string& container, const Conversation& conversation,
                        const std::function<void()>& on_attached, const StreamSink& sink,
                        const Call& call) = 0;
  /// exec with input and, with `request.tty`, a terminal; the exit code. Output goes to `sink` alone.
  virtual int converse_exec(const std::string& container, const ExecRequest& request,
                            const Conversation& conversation, const StreamSink& sink, const Call& call) = 0;
  /// exec that is left running; how it ends is never known.
  virtual void exec_detached(const std::string& container, const ExecRequest& request, const Call& call) = 0;
  /// Runs the container's own healthcheck once and says whether this run passed: on Podman through its
  /// healthcheck endpoint, on Docker by exec of `check`, bounded by `check.timeout`.
  virtual HealthRun probe_health(const std::string& container, const Healthcheck& check,
                                 const Call& call) = 0;
  /// PUT /containers/{id}/archive: unpacks a tar below `path`, with the owners that it names, also in a
  /// container that does not run.
  virtual void put_archive(const std::string& container, const std::string& path, std::string_view tar,
                           const Call& call) = 0;
  /// The same from a tar file on this machine, which is never held in memory.
  virtual void put_archive_file(const std::string& container, const std::string& path,
                                const std::string& tar_file, const Call& call) = 0;

  virtual void create_network(const NetworkSpec& spec, const Call& call) = 0;
  /// True when it was there.
  virtual bool remove_network(const std::string& name, const Call& call) = 0;
  virtual void connect_network(const std::string& network, const std::string& container,
                               const EndpointSettings& settings, const Call& call) = 0;
  virtual void disconnect_network(const std::string& network, const std::string& container,
                                  const Call& call) = 0;
  virtual void create_volume(const VolumeSpec& spec, const Call& call) = 0;
  /// True when it was there.
  virtual bool remove_volume(const std::string& name, const Call& call) = 0;
};

}  // namespace fresh::engine
