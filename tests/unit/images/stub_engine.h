#pragma once

#include "base/error.h"
#include "base/file.h"
#include "base/sha256.h"
#include "engine/engine.h"
#include "source/tar_reader.h"
#include "source/tar_writer.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace fresh::images {

/// An engine of images and one-shot containers in memory. A container's run leaves `outputs` in /out.
/// Everything it was asked is kept in `calls`; what images never ask for fails the test.
class StubEngine : public engine::Engine {
 public:
  std::map<std::string, engine::Image> images;  ///< by name
  std::map<std::string, std::string> outputs;   ///< path below /out -> content
  std::vector<std::string> calls;
  std::vector<engine::BuildRequest> builds;
  std::vector<engine::ContainerSpec> containers;
  std::set<std::string> present;  ///< containers that exist
  int exit_code = 0;
  bool runs_to_end = true;
  std::string build_error;
  std::optional<engine::PullRequest> pulled;

  const engine::Version& version() const override { return version_; }
  int infos = 0;  ///< how often it was asked about its machine
  engine::Info info(const engine::Call&) override {
    ++infos;
    engine::Info info;
    info.architecture = "amd64";
    return info;
  }
  std::optional<engine::Image> find_image(const std::string& reference, const engine::Call&) override {
    const std::scoped_lock lock(mutex_);
    for (const auto& [name, image] : images) {
      if (name == reference || image.id.hex == reference) {
        return image;
      }
    }
    return std::nullopt;
  }
  std::vector<std::string> load_image(const std::string& archive, const engine::Call&) override {
    std::map<std::string, std::string> files;
    source::read_tar(archive, [&](const source::TarEntry& entry) -> source::ByteSink {
      return [&text = files[entry.path]](std::string_view bytes) { text += bytes; };
    });
    const auto manifest = nlohmann::json::parse(files.at("manifest.json"))[0];
    const auto config = nlohmann::json::parse(files.at(manifest["Config"].get<std::string>()));
    engine::Image image;
    image.id.hex = manifest["Config"].get<std::string>().substr(0, 64);
    image.architecture = config["architecture"].get<std::string>();
    image.labels = config["config"]["Labels"].get<engine::Labels>();
    image.layers = config["rootfs"]["diff_ids"].get<std::vector<std::string>>();
    const std::string name = manifest["RepoTags"][0].get<std::string>();
    keep("load " + name, name, image);
    return {name};
  }
  engine::ImageId build(const engine::BuildRequest& request, const engine::ProgressSink& progress,
                        const engine::Call&) override {
    progress("STEP 1/2: FROM x");
    progress("STEP 2/2: RUN make");
    progress("make: nothing to be done");
    if (!build_error.empty()) {
      throw engine::EngineError(base::ExitCode::deploy, engine::Fault::failed, 200, build_error);
    }
    engine::Image image;
    image.id.hex = base::sha256_hex(base::read_file(request.context_file));
    image.labels = request.labels;
    {
      const std::scoped_lock lock(mutex_);
      builds.push_back(request);
    }
    keep("build " + request.tags.at(0), request.tags.at(0), image);
    return image.id;
  }
  engine::ImageId pull(const engine::PullRequest& request, const engine::ProgressSink&,
                       const engine::Call&) override {
    pulled = request;
    engine::Image image;
    image.id.hex = base::sha256_hex(request.reference);
    image.repo_digests = {request.reference};
    keep("pull " + request.reference, request.reference, image);
    return image.id;
  }
  void tag_image(const std::string& reference, const std::string& name, const engine::Call& call) override {
    keep("tag " + name, name, find_image(reference, call).value());
  }

  engine::ContainerId create_container(const engine::ContainerSpec& spec, const engine::Call&) override {
    const std::scoped_lock lock(mutex_);
    calls.push_back("create " + spec.name);
    containers.push_back(spec);
    present.insert(spec.name);
    return {spec.name};
  }
  void put_archive(const std::string&, const std::string& path, std::string_view tar,
                   const engine::Call&) override {
    const std::scoped_lock lock(mutex_);
    calls.push_back("put " + path);
    archives[path] = tar;
  }
  std::unique_ptr<engine::PendingExit> arm_exit(const std::string&, const engine::Call&) override {
    struct Exit : engine::PendingExit {
      int wait(const engine::Call&) override { return 0; }
    };
    return std::make_unique<Exit>();
  }
  void attach(const std::string&, const std::function<void()>& on_attached, const engine::StreamSink& sink,
              const engine::Call&) override {
    on_attached();
    sink(engine::Stream::out, "fetching\nlast ");
    sink(engine::Stream::err, "words\n");
  }
  void start_container(const std::string& name, const engine::Call&) override {
    const std::scoped_lock lock(mutex_);
    calls.push_back("start " + name);
  }
  std::optional<engine::Container> find_container(const std::string& name, const engine::Call&) override {
    engine::Container container;
    container.name = name;
    container.state = runs_to_end ? "exited" : "created";
    container.started_at = runs_to_end ? "2026-01-01T00:00:00Z" : "";
    container.finished_at = container.started_at;
    container.exit_code = exit_code;
    return container;
  }
  void get_archive(const std::string&, const std::string& path, const engine::ByteSink& sink,
                   const engine::Call&) override {
    EXPECT_EQ(path, "/out");
    if (!raw_output.empty()) {
      sink(raw_output);
      return;
    }
    source::TarWriter tar(sink, 0);
    tar.folder("out", 0755);
    for (const auto& [file, content] : outputs) {
      tar.file("out/" + file, 0644, content);
    }
    tar.finish();
  }
  bool remove_container(const std::string& name, bool, const engine::Call&) override {
    const std::scoped_lock lock(mutex_);
    return present.erase(name) > 0;
  }

  std::map<std::string, std::string> archives;
  std::string raw_output;

  std::optional<engine::PathFacts> find_path(const std::string&, const std::string&,
                                             const engine::Call&) override {
    return never<std::optional<engine::PathFacts>>();
  }
  engine::ProcessTable processes(const std::string&, const engine::Call&) override {
    return never<engine::ProcessTable>();
  }
  engine::ContainerUse use_of(const std::string&, const engine::Call&) override {
    return never<engine::ContainerUse>();
  }
  void converse(const std::string&, const engine::Conversation&, const std::function<void()>&,
                const engine::StreamSink&, const engine::Call&) override {
    never<bool>();
  }
  int converse_exec(const std::string&, const engine::ExecRequest&, const engine::Conversation&,
                    const engine::StreamSink&, const engine::Call&) override {
    return never<int>();
  }
  void exec_detached(const std::string&, const engine::ExecRequest&, const engine::Call&) override {
    never<bool>();
  }
  void put_archive_file(const std::string&, const std::string&, const std::string&,
                        const engine::Call&) override {
    never<bool>();
  }
  std::vector<engine::Image> list_images(const engine::Labels&, const engine::Call&) override {
    return never<std::vector<engine::Image>>();
  }
  std::vector<engine::Container> list_containers(const engine::ContainerFilter&,
                                                 const engine::Call&) override {
    return never<std::vector<engine::Container>>();
  }
  std::optional<engine::Network> find_network(const std::string&, const engine::Call&) override {
    return never<std::optional<engine::Network>>();
  }
  std::vector<engine::Network> list_networks(const engine::Labels&, const engine::Call&) override {
    return never<std::vector<engine::Network>>();
  }
  std::optional<engine::Volume> find_volume(const std::string&, const engine::Call&) override {
    return never<std::optional<engine::Volume>>();
  }
  std::vector<engine::Volume> list_volumes(const engine::Labels&, const engine::Call&) override {
    return never<std::vector<engine::Volume>>();
  }
  void logs(const std::string&, const engine::LogRequest&, const engine::StreamSink&,
            const engine::Call&) override {
    never<int>();
  }
  void events(const engine::Labels&, const std::function<void()>&,
              const std::function<void(const engine::EngineEvent&)>&, const engine::Call&) override {
    never<int>();
  }
  void save_image(const std::string&, const engine::ByteSink&, const engine::Call&) override { never<int>(); }
  void push_image(const std::string&, const std::optional<engine::RegistryAuth>&, bool,
                  const engine::ProgressSink&, const engine::Call&) override {
    never<int>();
  }
  bool remove_image(const std::string&, bool, const engine::Call&) override { return never<bool>(); }
  void stop_container(const std::string&, std::optional<std::chrono::seconds>, const engine::Call&) override {
    never<int>();
  }
  void prepare_container(const std::string&, const engine::Call&) override { never<int>(); }
  void kill_container(const std::string&, const std::string&, const engine::Call&) override { never<int>(); }
  void pause_container(const std::string&, const engine::Call&) override { never<int>(); }
  void unpause_container(const std::string&, const engine::Call&) override { never<int>(); }
  void rename_container(const std::string&, const std::string&, const engine::Call&) override {
    never<int>();
  }
  engine::ExecResult exec(const std::string&, const engine::ExecRequest&, const engine::StreamSink&,
                          const engine::Call&) override {
    return never<engine::ExecResult>();
  }
  engine::HealthRun probe_health(const std::string&, const engine::Healthcheck&,
                                 const engine::Call&) override {
    return never<engine::HealthRun>();
  }
  void create_network(const engine::NetworkSpec&, const engine::Call&) override { never<int>(); }
  bool remove_network(const std::string&, const engine::Call&) override { return never<bool>(); }
  void connect_network(const std::string&, const std::string&, const engine::EndpointSettings&,
                       const engine::Call&) override {
    never<int>();
  }
  void disconnect_network(const std::string&, const std::string&, const engine::Call&) override {
    never<int>();
  }
  void create_volume(const engine::VolumeSpec&, const engine::Call&) override { never<int>(); }
  bool remove_volume(const std::string&, const engine::Call&) override { return never<bool>(); }

 private:
  void keep(const std::string& call, const std::string& name, const engine::Image& image) {
    const std::scoped_lock lock(mutex_);
    calls.push_back(call);
    images[name] = image;
  }
  template <typename T>
  T never() {
    ADD_FAILURE() << "images asked the engine for something they never need";
    return T{};
  }

  engine::Version version_{};
  std::mutex mutex_;
};

}  // namespace fresh::images
