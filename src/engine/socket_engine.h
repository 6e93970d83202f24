#pragma once

#include "engine/budget.h"
#include "engine/engine.h"
#include "engine/http.h"
#include "engine/registry_credentials.h"
#include "engine/resolve.h"

#include <nlohmann/json_fwd.hpp>

#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fresh::engine {

/// Connects to a resolved endpoint and finds out which engine answers. Throws EngineError(unreachable) with
/// exit code `machine` when none does, base::Error (machine) for tcp and ssh, which are not connected yet.
/// `credentials` is where pulls, pushes and builds look for what registries want to know; without it every
/// registry is asked as nobody.
std::unique_ptr<Engine> connect(const ResolvedEndpoint& resolved, const Call& call,
                                CredentialRequest credentials = {});

/// The version of Docker's API to speak: 1.41 where the engine allows it, else the nearest that it does.
std::string negotiate(std::string_view minimum, std::string_view maximum);

/// The engine behind a unix socket. Methods lie in a file per noun: images, build, containers, exec, streams,
/// networks, volumes, system. Podman is spoken to in its own dialect, except where Docker's is the better one
/// (`/libpod` in the Podman API reference).
class SocketEngine final : public Engine {
 public:
  SocketEngine(std::string socket_path, Version version, CredentialRequest credentials = {})
      : http_(std::move(socket_path)),
        version_(std::move(version)),
        credentials_(std::move(credentials), version_.flavor) {}

  const Version& version() const override { return version_; }
  Info info(const Call& call) override;
  std::optional<Image> find_image(const std::string& reference, const Call& call) override;
  std::vector<Image> list_images(const Labels& labels, const Call& call) override;
  std::optional<Container> find_container(const std::string& name_or_id, const Call& call) override;
  std::vector<Container> list_containers(const ContainerFilter& filter, const Call& call) override;
  std::optional<Network> find_network(const std::string& name, const Call& call) override;
  std::vector<Network> list_networks(const Labels& labels, const Call& call) override;
  std::optional<Volume> find_volume(const std::string& name, const Call& call) override;
  std::vector<Volume> list_volumes(const Labels& labels, const Call& call) override;
  void logs(const std::string& container, const LogRequest& request, const StreamSink& sink,
            const Call& call) override;
  void events(const Labels& labels, const std::function<void()>& on_subscribed,
              const std::function<void(const EngineEvent&)>& sink, const Call& call) override;
  void get_archive(const std::string& container, const std::string& path, const ByteSink& sink,
                   const Call& call) override;
  std::optional<PathFacts> find_path(const std::string& container, const std::string& path,
                                     const Call& call) override;
  ProcessTable processes(const std::string& container, const Call& call) override;
  ContainerUse use_of(const std::string& container, const Call& call) override;
  void save_image(const std::string& reference, const ByteSink& sink, const Call& call) override;

  ImageId pull(const PullRequest& request, const ProgressSink& progress, const Call& call) override;
  ImageId build(const BuildRequest& request, const ProgressSink& progress, const Call& call) override;
  std::vector<std::string> load_image(const std::string& archive_file, const Call& call) override;
  void tag_image(const std::string& reference, const std::string& new_tag, const Call& call) override;
  void push_image(const std::string& reference, const std::optional<RegistryAuth>& auth, bool verify_tls,
                  const ProgressSink& progress, const Call& call) override;
  bool remove_image(const std::string& reference, bool force, const Call& call) override;

  ContainerId create_container(const ContainerSpec& spec, const Call& call) override;
  void prepare_container(const std::string& container, const Call& call) override;
  void start_container(const std::string& container, const Call& call) override;
  void stop_container(const std::string& container, std::optional<std::chrono::seconds> grace,
                      const Call& call) override;
  void kill_container(const std::string& container, const std::string& signal, const Call& call) override;
  void pause_container(const std::string& container, const Call& call) override;
  void unpause_container(const std::string& container, const Call& call) override;
  void rename_container(const std::string& container, const std::string& name, const Call& call) override;
  bool remove_container(const std::string& container, bool volumes, const Call& call) override;
  std::unique_ptr<PendingExit> arm_exit(const std::string& container, const Call& call) override;
  void attach(const std::string& container, const std::function<void()>& on_attached, const StreamSink& sink,
              const Call& call) override;
  ExecResult exec(const std::string& container, const ExecRequest& request, const StreamSink& sink,
                  const Call& call) override;
  void converse(const std::string& container, const Conversation& conversation,
                const std::function<void()>& on_attached, const StreamSink& sink, const Call& call) override;
  int converse_exec(const std::string& container, const ExecRequest& request,
                    const Conversation& conversation, const StreamSink& sink, const Call& call) override;
  void exec_detached(const std::string& container, const ExecRequest& request, const Call& call) override;
  HealthRun probe_health(const std::string& container, const Healthcheck& check, const Call& call) override;
  void put_archive(const std::string& container, const std::string& path, std::string_view tar,
                   const Call& call) override;
  void put_archive_file(const std::string& container, const std::string& path, const std::string& tar_file,
                        const Call& call) override;

  void create_network(const NetworkSpec& spec, const Call& call) override;
  bool remove_network(const std::string& name, const Call& call) override;
  void connect_network(const std::string& network, const std::string& container,
                       const EndpointSettings& settings, const Call& call) override;
  void disconnect_network(const std::string& network, const std::string& container,
                          const Call& call) override;
  void create_volume(const VolumeSpec& spec, const Call& call) override;
  bool remove_volume(const std::string& name, const Call& call) override;

 private:
  bool podman() const { return version_.flavor == Flavor::podman; }
  /// A path in the engine's own dialect, and in Docker's.
  std::string native(std::string_view path) const;
  std::string docker(std::string_view path) const;
  Request post(std::string target, const nlohmann::json& body) const;

  /// With the credentials of the request or of the argument, and no others.
  ImageId pull_as_told(const PullRequest& request, const ProgressSink& progress, const Call& call);
  void push_as_told(const std::string& reference, const std::optional<RegistryAuth>& auth, bool verify_tls,
                    const ProgressSink& progress, const Call& call);
  std::string auth_header(const std::optional<RegistryAuth>& auth, const std::string& reference) const;
  /// The same error; where a registry did not let us in, with the way to log in there.
  EngineError with_login(const EngineError& error, const std::string& reference,
                         const FoundCredentials& found) const;

  /// Performs, and throws a refusal unless the status is 2xx or 304; `what` begins the message.
  Answer expect(const Request& request, std::string_view what, const Call& call);
  /// GET of JSON; nothing for 404.
  std::optional<nlohmann::json> find_json(const std::string& target, std::string_view what, const Call& call);
  nlohmann::json get_json(const std::string& target, std::string_view what, const Call& call);
  /// DELETE; false for 404.
  bool remove(const std::string& target, std::string_view what, const Call& call);
  /// A stream of JSON lines.
  void json_lines(Request request, std::string_view what,
                  const std::function<void(const nlohmann::json&)>& on_line, const Call& call);
  /// A stream of a container's output: frames, or raw bytes of a terminal.
  void container_stream(Request request, std::string_view what, bool raw, const StreamSink& sink,
                        const Call& call);
  bool has_terminal(const std::string& container, const Call& call);
  /// POST /containers/{id}/exec; the id of what is to be started.
  std::string make_exec(const std::string& container, const ExecRequest& request, bool input,
                        std::string_view what, const Call& call);
  /// How an exec whose stream has ended, ended.
  int exec_exit_code(const std::string& id, std::string_view what, const Call& call);
  /// A hijacked connection, from its first byte to its end.
  void talk(const Request& request, std::string_view what, bool raw, const Conversation& conversation,
            const std::string& resize_target, const StreamSink& sink, const Call& call);
  Request archive_request(const std::string& container, const std::string& path) const;

  HttpClient http_;
  Version version_;
  RegistryCredentials credentials_;
  std::mutex info_mutex_;
  std::optional<Info> info_;
};

}  // namespace fresh::engine
