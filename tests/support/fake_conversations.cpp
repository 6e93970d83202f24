#include "support/fake_answers.h"
#include "support/fake_engine.h"

#include <fmt/ranges.h>

#include <array>
#include <fstream>
#include <iterator>
#include <unistd.h>

namespace fresh::test {

using engine::Call;
using engine::Fault;

namespace {

std::string all_of(int descriptor) {
  std::string text;
  std::array<char, 4096> piece{};
  for (ssize_t got = ::read(descriptor, piece.data(), piece.size()); descriptor >= 0 && got > 0;
       got = ::read(descriptor, piece.data(), piece.size())) {
    text.append(piece.data(), static_cast<std::size_t>(got));
  }
  return text;
}

}  // namespace

engine::ExecResult FakeEngine::answer_exec(const std::string& name, const engine::ExecRequest& request) {
  const std::scoped_lock lock(mutex_);
  const engine::Container& container = need(name);
  const std::string command = fmt::format("{}", fmt::join(request.command, " "));
  log(fmt::format("exec {} {}", container.name, command));
  if (container.state != "running") {
    refuse(Fault::conflict, 409, container.name + " is not running");
  }
  const auto& execs = behaviours_[container.name].execs;
  const auto found = execs.find(command);
  return found == execs.end() ? engine::ExecResult{.exit_code = 127, .out = {}, .err = "not found\n"}
                              : found->second;
}

engine::ExecResult FakeEngine::exec(const std::string& container, const engine::ExecRequest& request,
                                    const engine::StreamSink& sink, const Call& /*call*/) {
  auto result = answer_exec(container, request);
  if (sink) {
    sink(engine::Stream::out, result.out);
    sink(engine::Stream::err, result.err);
  }
  return result;
}

/// The program is one that writes back what it reads, then what it has to say.
int FakeEngine::converse_exec(const std::string& container, const engine::ExecRequest& request,
                              const engine::Conversation& conversation, const engine::StreamSink& sink,
                              const Call& /*call*/) {
  const auto result = answer_exec(container, request);
  sink(engine::Stream::out, all_of(conversation.input) + result.out);
  sink(engine::Stream::err, result.err);
  return result.exit_code;
}

void FakeEngine::exec_detached(const std::string& container, const engine::ExecRequest& request,
                               const Call& /*call*/) {
  answer_exec(container, request);
}

void FakeEngine::converse(const std::string& container, const engine::Conversation& conversation,
                          const std::function<void()>& on_attached, const engine::StreamSink& sink,
                          const Call& call) {
  attach(
      container,
      [&] {
        sink(engine::Stream::out, all_of(conversation.input));
        on_attached();
      },
      sink, call);
}

std::optional<engine::PathFacts> FakeEngine::find_path(const std::string& name, const std::string& path,
                                                       const Call& /*call*/) {
  const std::scoped_lock lock(mutex_);
  return value(behaviours_[need(name).name].paths, path);
}

engine::ProcessTable FakeEngine::processes(const std::string& name, const Call& /*call*/) {
  const std::scoped_lock lock(mutex_);
  if (need(name).state != "running") {
    refuse(Fault::conflict, 409, name + " is not running");
  }
  return {.titles = {"PID", "COMMAND"}, .rows = {{"1", name}}};
}

engine::ContainerUse FakeEngine::use_of(const std::string& name, const Call& /*call*/) {
  const std::scoped_lock lock(mutex_);
  return behaviours_[need(name).name].use;
}

void FakeEngine::put_archive_file(const std::string& container, const std::string& path,
                                  const std::string& tar_file, const Call& call) {
  std::ifstream file(tar_file, std::ios::binary);
  put_archive(container, path, std::string(std::istreambuf_iterator<char>(file), {}), call);
}

}  // namespace fresh::test
