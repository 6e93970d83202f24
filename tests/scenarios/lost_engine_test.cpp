// An engine that goes away while a command needs it: the socket's other end is a relay that the test ends.
#include "scenarios/compose_stack.h"

#include <csignal>

namespace fresh::test {
namespace {

/// Hands bytes on between two sockets; ends at once, with all its connections, when a request begins with the
/// pattern.
constexpr const char* relay_program = R"(
import os, re, socket, sys, threading
engine, here, fatal = sys.argv[1], sys.argv[2], re.compile(sys.argv[3].encode())
def pump(source, target, watch):
    while data := source.recv(65536):
        if watch and fatal.match(data):
            os._exit(0)
        target.sendall(data)
    target.shutdown(socket.SHUT_WR)
def quietly(*arguments):
    try:
        pump(*arguments)
    except OSError:
        pass
listener = socket.socket(socket.AF_UNIX)
listener.bind(here)
listener.listen(64)
while True:
    client = listener.accept()[0]
    server = socket.socket(socket.AF_UNIX)
    server.connect(engine)
    threading.Thread(target=quietly, args=(client, server, True), daemon=True).start()
    threading.Thread(target=quietly, args=(server, client, False), daemon=True).start()
)";

class LostEngine : public ComposeStack {
 protected:
  /// What `start` starts speaks through a relay that ends at a request like `fatal`.
  std::unique_ptr<Program> relay(const std::string& fatal) const {
    auto program = std::make_unique<Program>(
        std::vector<std::string>{"python3", "-c", relay_program, engine().socket().string(), socket(), fatal},
        std::map<std::string, std::string>{}, folder_.path());
    EXPECT_TRUE(eventually([this] { return std::filesystem::exists(socket()); }, std::chrono::seconds(10)));
    return program;
  }
  std::unique_ptr<Program> start(std::vector<std::string> arguments) {
    arguments.insert(arguments.end(), {"--engine", "unix://" + socket()});
    return project.start(arguments);
  }

 private:
  std::string socket() const { return (folder_.path() / "engine.sock").string(); }
  base::TemporaryFolder folder_;
};

TEST_F(LostEngine, while_a_container_starts_is_a_failure_of_the_engine) {
  stack("services:\n  web: {<<: *base}\n");
  const auto other = relay("POST [^ ]*/start[ ?]");
  const auto ended = start({"up"})->wait(std::chrono::seconds(60));
  EXPECT_EQ(ended.exit_code, 20) << ended.err;
  EXPECT_TRUE(says(ended.err, "broke off"));
  EXPECT_TRUE(says(ended.err, "hint: look whether the engine was stopped or killed"));
}

TEST_F(LostEngine, of_an_up_that_stays_is_no_end_of_the_containers) {
  stack("services:\n  web: {<<: *base, command: [sh, -c, 'echo ready; sleep 600']}\n");
  const auto other = relay("nothing");
  const auto program = start({"up", "--attach", "web"});
  ASSERT_TRUE(eventually(
      [&] {
        return base::read_file_if_exists(program->out_file()).value_or("").find("web | ready") !=
               std::string::npos;
      },
      std::chrono::seconds(30)));
  other->signal(SIGKILL);
  const auto ended = program->wait(std::chrono::seconds(60));
  EXPECT_EQ(ended.exit_code, 20) << ended.err;
  EXPECT_EQ(state_of("shop-web-1"), "running");
}

}  // namespace
}  // namespace fresh::test
