#include "scripted_engine.h"

#include "base/file.h"
#include "source/tar_reader.h"
#include "source/tar_writer.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace fresh::notebooks::test {
namespace {

std::map<std::string, std::string> files_of(std::string_view tar) {
  const base::TemporaryFolder folder;
  base::write_file_atomic(folder.path() / "x.tar", tar);
  std::map<std::string, std::string> files;
  source::read_tar(folder.path() / "x.tar", [&](const source::TarEntry& entry) -> source::ByteSink {
    std::string& content = files[entry.path];
    return [&content](std::string_view bytes) { content += bytes; };
  });
  return files;
}

[[noreturn]] void fail(engine::Fault fault, const std::string& message) {
  throw engine::EngineError(base::ExitCode::deploy, fault, 500, message);
}

}  // namespace

class ScriptedEngine::Exit final : public engine::PendingExit {
 public:
  Exit(ScriptedEngine& engine, std::string id) : engine_(engine), id_(std::move(id)) {}
  int wait(const engine::Call& call) override {
    if (engine_.with_lock([this] { return engine_.boxes_.at(id_).play.loses_wait; })) {
      fail(engine::Fault::cut, "the answer broke off");
    }
    engine_.wait_until(id_, "exited", call);
    return engine_.with_lock([this] { return engine_.boxes_.at(id_).exit_code; });
  }

 private:
  ScriptedEngine& engine_;
  std::string id_;
};

/// Returns once the container is in `state`. The deadline of a container that hangs has come at once.
void ScriptedEngine::wait_until(const std::string& id, const std::string& state, const engine::Call& call) {
  std::unique_lock lock(mutex_);
  const auto done = [&] { return !boxes_.contains(id) || boxes_.at(id).state == state; };
  if (boxes_.at(id).play.hangs && state == "exited" && boxes_.at(id).state == "running" && !hold) {
    fail(engine::Fault::timed_out, "deadline");
  }
  if (!changed_.wait(lock, call.stop, done)) {
    throw base::Interrupted("a wait");
  }
}

std::set<std::string> ScriptedEngine::left() const {
  const std::scoped_lock lock(mutex_);
  std::set<std::string> ids;
  for (const auto& [id, box] : boxes_) {
    ids.insert(id);
  }
  return ids;
}

std::optional<engine::Image> ScriptedEngine::find_image(const std::string&, const engine::Call&) {
  return has_image ? std::optional(engine::Image{}) : std::nullopt;
}

engine::ContainerId ScriptedEngine::create_container(const engine::ContainerSpec& spec, const engine::Call&) {
  const std::scoped_lock lock(mutex_);
  const std::string id = "id-" + spec.name;
  boxes_[id].spec = spec;
  created_.push_back(spec);
  return {id};
}

void ScriptedEngine::put_archive(const std::string& id, const std::string& path, std::string_view tar,
                                 const engine::Call&) {
  const auto files = files_of(tar);
  const std::scoped_lock lock(mutex_);
  Box& box = boxes_.at(id);
  for (const auto& [name, content] : files) {
    delivered[path + name] = content;
  }
  if (files.contains("fresh-clone/job.json")) {
    const auto job = nlohmann::json::parse(files.at("fresh-clone/job.json"));
    box.notebook = job.at("notebook").get<std::string>().substr(std::string("/workspace/").size());
    box.play = plays.at(box.notebook);
  }
}

std::unique_ptr<engine::PendingExit> ScriptedEngine::arm_exit(const std::string& id, const engine::Call&) {
  const std::scoped_lock lock(mutex_);
  calls_.push_back("arm " + boxes_.at(id).notebook);
  return std::make_unique<Exit>(*this, id);
}

void ScriptedEngine::attach(const std::string& id, const std::function<void()>& on_attached,
                            const engine::StreamSink& sink, const engine::Call& call) {
  const auto play = with_lock([&] {
    calls_.push_back("attach " + boxes_.at(id).notebook);
    return boxes_.at(id).play;
  });
  on_attached();
  {
    std::unique_lock lock(mutex_);
    if (!changed_.wait(lock, call.stop, [&] { return boxes_.at(id).state != "created"; })) {
      throw base::Interrupted("attach");
    }
  }
  for (std::size_t at = 0; at < play.output.size(); at += 7) {
    sink(engine::Stream::out, std::string_view(play.output).substr(at, 7));
  }
  std::unique_lock lock(mutex_);
  Box& box = boxes_.at(id);
  if (!play.hangs) {
    end(box, play.exit_code);
  }
  if (!changed_.wait(lock, call.stop, [&] { return box.state == "exited"; })) {
    throw base::Interrupted("attach");
  }
}

void ScriptedEngine::end(Box& box, int exit_code) {
  if (box.state == "running") {
    box.state = "exited";
    box.exit_code = exit_code;
    --running_;
  }
  changed_.notify_all();
}

void ScriptedEngine::start_container(const std::string& id, const engine::Call&) {
  const std::scoped_lock lock(mutex_);
  Box& box = boxes_.at(id);
  calls_.push_back("start " + box.notebook);
  if (box.play.start_fails) {
    fail(engine::Fault::failed, "no such program");
  }
  box.state = "running";
  most_at_once_ = std::max(most_at_once_.load(), ++running_);
  changed_.notify_all();
}

void ScriptedEngine::kill_container(const std::string& id, const std::string&, const engine::Call&) {
  const std::scoped_lock lock(mutex_);
  calls_.push_back("kill " + boxes_.at(id).notebook);
  end(boxes_.at(id), 137);
}

std::optional<engine::Container> ScriptedEngine::find_container(const std::string& id, const engine::Call&) {
  const std::scoped_lock lock(mutex_);
  const Box& box = boxes_.at(id);
  engine::Container container;
  container.state = box.state;
  container.exit_code = box.exit_code;
  container.oom_killed = box.play.oom_killed;
  container.started_at = box.state == "created" ? "" : "2026-01-01T00:00:00Z";
  container.finished_at = box.state == "exited" ? "2026-01-01T00:00:01Z" : "";
  return container;
}

void ScriptedEngine::logs(const std::string& id, const engine::LogRequest&, const engine::StreamSink& sink,
                          const engine::Call&) {
  const auto play = with_lock([&] { return boxes_.at(id).play; });
  sink(engine::Stream::out, play.logged.empty() ? play.output : play.logged);
}

void ScriptedEngine::get_archive(const std::string& id, const std::string&, const engine::ByteSink& sink,
                                 const engine::Call&) {
  bool cut = false;
  const auto play = with_lock([&] {
    cut = boxes_.at(id).play.cut_archives-- > 0;
    return boxes_.at(id).play;
  });
  if (cut) {
    return;
  }
  if (play.executed.empty()) {
    fail(engine::Fault::not_found, "no such file");
  }
  source::TarWriter tar(sink, 0);
  tar.file("executed.ipynb", 0644, play.executed);
  tar.finish();
}

bool ScriptedEngine::remove_container(const std::string& id, bool, const engine::Call& call) {
  const std::scoped_lock lock(mutex_);
  if (call.stop.stop_requested()) {
    throw base::Interrupted("remove");
  }
  calls_.push_back("remove " + boxes_.at(id).notebook);
  end(boxes_.at(id), 137);
  return boxes_.erase(id) == 1;
}

TEST(ScriptedEngine, refuses_what_no_notebook_needs) {
  ScriptedEngine engine;
  EXPECT_THROW(engine.remove_volume("x", {}), base::Error);
}

}  // namespace fresh::notebooks::test
