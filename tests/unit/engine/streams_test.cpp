#include "base/file.h"
#include "engine/stream.h"
#include "engine/url.h"
#include "unit/engine/scripted_engine.h"

namespace fresh::test {
namespace {

using engine::Call;
using engine::Fault;
using engine::Stream;
using std::chrono::milliseconds;

const std::string id(64, 'a');
const std::string L = "/v4.0.0/libpod";

TEST_F(ScriptedEngine, PodmanIsKnownByItsPing) {
  const auto& version = podman().version();
  EXPECT_EQ(version.flavor, engine::Flavor::podman);
  EXPECT_EQ(version.engine, "4.3.1");
}

TEST_F(ScriptedEngine, DockerIsSpokenToInAVersionThatItTakes) {
  auto& engine = docker("1.44", "1.52");
  server.on("GET", "/v1.44/volumes/x", answer(404, R"({"message":"no such volume"})"));
  EXPECT_FALSE(engine.find_volume("x", call));
}

TEST_F(ScriptedEngine, AnOldDockerIsKnownByItsPing) {
  server.on("GET", "/_ping",
            answer(200, "OK", {{"Api-Version", "1.41"}, {"Server", "Docker/20.10.24+dfsg1 (linux)"}}));
  engine::Endpoint endpoint;
  endpoint.path = server.socket();
  const auto engine = engine::connect({endpoint, "test", ""}, call);
  EXPECT_EQ(engine->version().flavor, engine::Flavor::docker);
  EXPECT_EQ(engine->version().engine, "20.10.24+dfsg1");
  EXPECT_EQ(engine->version().api, "1.41");
}

TEST_F(ScriptedEngine, ANewerDockerIsAskedWhichVersionsItTakes) {
  server.on("GET", "/_ping",
            answer(200, "OK", {{"Api-Version", "1.52"}, {"Server", "Docker/29.1.0 (linux)"}}));
  server.on("GET", "/version",
            answer(200, R"({"Version":"29.1.0","ApiVersion":"1.52","MinAPIVersion":"1.44"})"));
  engine::Endpoint endpoint;
  endpoint.path = server.socket();
  EXPECT_EQ(engine::connect({endpoint, "test", ""}, call)->version().api, "1.44");
}

TEST_F(ScriptedEngine, SomethingElseOnTheSocketIsNoEngine) {
  server.on("GET", "/_ping", answer(200, "OK"));
  server.on("GET", "/version", answer(200, "<html>hello</html>"));
  engine::Endpoint endpoint;
  endpoint.path = server.socket();
  EXPECT_THROW(engine::connect({endpoint, "test", ""}, call), engine::EngineError);
}

TEST(JsonLines, LinesSpanAnyPieces) {
  std::vector<std::string> lines;
  engine::LineSplitter splitter([&](std::string_view line) { lines.emplace_back(line); });
  for (const char letter : std::string("one\n\ntwo\nrest")) {
    splitter.feed(std::string_view(&letter, 1));
  }
  splitter.finish();
  EXPECT_EQ(lines, (std::vector<std::string>{"one", "", "two", "rest"}));
}

TEST(Frames, SplitAnywhereGiveTheSame) {
  const auto bytes = frame(1, "out") + frame(2, "") + frame(2, "error") + frame(1, std::string(300, 'x'));
  for (std::size_t size = 1; size < bytes.size(); ++size) {
    std::string out;
    std::string err;
    engine::Demultiplexer frames(
        [&](Stream stream, std::string_view piece) { (stream == Stream::err ? err : out) += piece; });
    for (std::size_t begin = 0; begin < bytes.size(); begin += size) {
      frames.feed(std::string_view(bytes).substr(begin, size));
    }
    frames.finish();
    ASSERT_EQ(out, "out" + std::string(300, 'x')) << size;
    ASSERT_EQ(err, "error") << size;
  }
}

TEST(Frames, HalfOrSenselessOnesAreCut) {
  engine::Demultiplexer half([](Stream, std::string_view) {});
  half.feed(frame(1, "abc").substr(0, 10));
  EXPECT_THROW(half.finish(), engine::EngineError);
  engine::Demultiplexer senseless([](Stream, std::string_view) {});
  EXPECT_THROW(senseless.feed("plain text, no frames"), engine::EngineError);
}

TEST_F(ScriptedEngine, LogsOfATerminalAreRawOnDockerAndFramedOnPodman) {
  const std::string query = "?stdout=true&stderr=true&follow=false&timestamps=false";
  auto& first = docker();
  server.on("GET", "/v1.41/containers/c/json", answer(200, R"({"Config":{"Tty":true}})"));
  server.on("GET", "/v1.41/containers/c/logs" + query, chunked({"\x01raw\r\n"}));
  std::string out;
  const auto sink = [&](Stream, std::string_view bytes) { out += bytes; };
  first.logs("c", {}, sink, call);
  EXPECT_EQ(out, "\x01raw\r\n");
  out.clear();
  auto& second = podman();
  server.on("GET", L + "/containers/c/logs" + query, chunked({frame(1, "framed\r\n")}));
  second.logs("c", {}, sink, call);
  EXPECT_EQ(out, "framed\r\n");
  server.on("GET", L + "/containers/c/logs" + query, chunked({frame(1, "framed").substr(0, 11)}));
  EXPECT_EQ(error_of([&] { second.logs("c", {}, sink, call); }).fault(), Fault::cut);
}

TEST_F(ScriptedEngine, EndOfAnExecStreamIsNoExitCode) {
  auto& engine = podman();
  const std::pair<const char*, bool> cases[] = {{R"({"Running":false,"ExitCode":3})", true},
                                                {R"({"Running":true,"ExitCode":0})", false},
                                                {R"({"Running":false,"ExitCode":null})", false}};
  for (const auto& [state, ended] : cases) {
    server.on("POST", "/v1.41/containers/c/exec", answer(201, R"({"Id":"e1"})"));
    server.on("POST", "/v1.41/exec/e1/start", until_close({frame(1, "out")}));
    server.on("GET", "/v1.41/exec/e1/json", answer(200, state));
    if (ended) {
      const auto result = engine.exec("c", {.command = {"x"}}, {}, call);
      EXPECT_EQ(result.exit_code, 3);
      EXPECT_EQ(result.out, "out");
    } else {
      EXPECT_EQ(error_of([&] { engine.exec("c", {.command = {"x"}}, {}, call); }).fault(), Fault::cut);
    }
  }
}

TEST_F(ScriptedEngine, WaitTakesOnlyARealExitCode) {
  struct Case {
    std::string answer;
    std::string state;
    int code;
  };
  const Case cases[] = {
      {R"({"StatusCode":7,"Error":null})", "", 7},
      {R"({"StatusCode":0,"Error":null})",
       R"({"Id":"c1","Name":"c","State":{"StartedAt":"2026-11-21T06:00:00Z"}})", 0},
      {R"({"StatusCode":0,"Error":null})",
       R"({"Id":"c1","Name":"c","State":{"StartedAt":"0001-01-01T00:00:00Z"}})", -1},
      {R"({"StatusCode":0,"Error":{"Message":"cancelled by user"}})", "", -1},
      {R"({"StatusCode":-1})", "", -1},
      {R"({"StatusCode":"0"})", "", -1},
      {R"({})", "", -1},
      {"", "", -1},
  };
  auto& engine = podman();
  for (const auto& [body, state, code] : cases) {
    server.on("POST", "/v1.41/containers/c/wait?condition=next-exit", chunked({body.empty() ? "\n" : body}));
    if (!state.empty()) {
      server.on("GET", L + "/containers/c/json", answer(200, state));
    }
    const auto exit = engine.arm_exit("c", call);
    if (code >= 0) {
      EXPECT_EQ(exit->wait(call), code) << body;
    } else {
      EXPECT_THROW(exit->wait(call), engine::EngineError) << body << state;
    }
  }
}

TEST_F(ScriptedEngine, WaitIsArmedByTheHeaderAndEndsAtItsDeadline) {
  auto& engine = podman();
  const std::string target = "/v1.41/containers/c/wait?condition=next-exit";
  server.on("POST", target, header_then_silence());
  const auto exit = engine.arm_exit("c", call);
  EXPECT_EQ(error_of([&] { exit->wait({milliseconds(30), {}}); }).fault(), Fault::timed_out);
  std::stop_source stop;
  stop.request_stop();
  EXPECT_THROW(exit->wait({std::chrono::minutes(1), stop.get_token()}), base::Interrupted);
  server.on("POST", target, silence());
  EXPECT_EQ(error_of([&] { engine.arm_exit("c", {milliseconds(30), {}}); }).fault(), Fault::timed_out);
  server.on("POST", target, answer(404, R"({"message":"no such container"})"));
  EXPECT_EQ(error_of([&] { engine.arm_exit("c", call)->wait(call); }).fault(), Fault::not_found);
}

TEST_F(ScriptedEngine, WaitOnAnEngineThatDiesIsCut) {
  auto& engine = docker();
  server.on("POST", "/v1.41/containers/c/wait?condition=next-exit", cut({}));
  const auto exit = engine.arm_exit("c", call);
  EXPECT_EQ(error_of([&] { exit->wait(call); }).fault(), Fault::cut);
}

TEST_F(ScriptedEngine, EventsAreSeenOnceAndTheirEndIsAnError) {
  auto& engine = podman();
  const std::string died =
      R"({"Type":"container","Action":"died","Actor":{"ID":"x","Attributes":{"n":"v"}},"timeNano":5})";
  const std::string target = "/v1.41/events" + engine::Query().add("filters", R"({"label":["l=v"]})").text();
  server.on("GET", target, chunked({died.substr(0, 20), died.substr(20) + "\n" + died + "\n"}));
  std::vector<std::string> actions;
  const auto sink = [&](const engine::EngineEvent& event) { actions.push_back(event.action); };
  EXPECT_EQ(error_of([&] { engine.events({{"l", "v"}}, {}, sink, call); }).fault(), Fault::cut);
  EXPECT_EQ(actions, std::vector<std::string>{"die"});
  server.on("GET", target, chunked({R"({"cause":"no","message":"unknown filter","response":500})"}));
  EXPECT_THROW(engine.events({{"l", "v"}}, {}, sink, call), engine::EngineError);
  std::stop_source stop;
  server.on("GET", target, header_then_silence());
  engine.events({{"l", "v"}}, [&] { stop.request_stop(); }, sink,
                {std::chrono::minutes(1), stop.get_token()});
}

TEST_F(ScriptedEngine, PodmanHealthIsOfThisRunAlone) {
  auto& engine = podman();
  engine::Healthcheck check;
  check.test = {"CMD", "x"};
  server.on("GET", L + "/containers/c/healthcheck",
            answer(200, R"({"Status":"healthy","FailingStreak":0,"Log":null})"));
  EXPECT_EQ(engine.probe_health("c", check, call).exit_code, 0);
  server.on("GET", L + "/containers/c/healthcheck", answer(200, R"({"Status":"unhealthy"})"));
  server.on(
      "GET", L + "/containers/c/json",
      answer(
          200,
          R"({"Id":"c1","Name":"c","State":{"Health":{"Status":"starting","Log":[{"ExitCode":9,"Output":"why"}]}}})"));
  const auto failed = engine.probe_health("c", check, call);
  EXPECT_EQ(failed.exit_code, 9);
  EXPECT_EQ(failed.output, "why");
  server.on(
      "GET", L + "/containers/c/healthcheck",
      answer(500, R"({"cause":"x","message":"healthcheck command exceeded timeout of 1s","response":500})"));
  EXPECT_EQ(engine.probe_health("c", check, call).exit_code, 124);
  server.on("GET", L + "/containers/c/healthcheck", answer(409, R"({"message":"container is not running"})"));
  EXPECT_EQ(error_of([&] { engine.probe_health("c", check, call); }).fault(), Fault::conflict);
  check.timeout = milliseconds(30);
  server.on("GET", L + "/containers/c/healthcheck", silence());
  EXPECT_EQ(engine.probe_health("c", check, call).exit_code, 124);
}

}  // namespace
}  // namespace fresh::test
