#include "engine/base64.h"
#include "unit/engine/scripted_engine.h"

namespace fresh::test {
namespace {

using engine::Fault;
using engine::Stream;

const std::string exec_path = "/v1.41/containers/c/exec";

class Hijacked : public ScriptedEngine {
 protected:
  /// exec of `true` in `c`; the stream is what `reply` sends.
  int talk(Reply reply, const std::string& after = R"({"Running":false,"ExitCode":4})") {
    auto& engine = docker();
    server.on("POST", exec_path, answer(201, R"({"Id":"e1"})"));
    server.on("POST", "/v1.41/exec/e1/start", std::move(reply));
    if (!after.empty()) {
      server.on("GET", "/v1.41/exec/e1/json", answer(200, after));
    }
    return engine.converse_exec(
        "c", {.command = {"true"}}, {},
        [this](Stream stream, std::string_view bytes) { (stream == Stream::err ? err : out) += bytes; },
        call);
  }
  static Reply upgraded(const std::string& bytes) {
    return raw("HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n" + bytes);
  }
  std::string out;
  std::string err;
};

TEST_F(Hijacked, StreamsComeApartAndTheExitCodeIsAskedFor) {
  EXPECT_EQ(talk(upgraded(frame(1, "out") + frame(2, "err"))), 4);
  EXPECT_EQ(out, "out");
  EXPECT_EQ(err, "err");
  EXPECT_EQ(server.requests().at(3).headers.at("upgrade"), "tcp");
}

TEST_F(Hijacked, AnEngineThatDoesNotUpgradeIsUnderstood) {
  EXPECT_EQ(
      talk(raw("HTTP/1.1 200 OK\r\nContent-Type: application/vnd.docker.raw-stream\r\n\r\n" + frame(1, "x"))),
      4);
  EXPECT_EQ(out, "x");
}

TEST_F(Hijacked, RefusalsHaveTheEnginesWords) {
  const auto error = error_of([&] { talk(answer(409, R"({"message":"Container c is not running"})"), ""); });
  EXPECT_EQ(error.fault(), Fault::conflict);
  EXPECT_NE(error.message().find("Container c is not running"), std::string::npos) << error.message();
}

TEST_F(Hijacked, RefusalsInOneChunkToo) {
  const auto error = error_of([&] {
    talk(raw("HTTP/1.1 500 X\r\nTransfer-Encoding: chunked\r\n\r\n"
             "11\r\n{\"message\":\"no!\"}\r\n0\r\n\r\n"),
         "");
  });
  EXPECT_NE(error.message().find("no!"), std::string::npos) << error.message();
}

TEST_F(Hijacked, AnEndInsideAFrameIsCut) {
  const auto error = error_of([&] { talk(upgraded(frame(1, "whole").substr(0, 9)), ""); });
  EXPECT_EQ(error.fault(), Fault::cut);
}

TEST_F(Hijacked, AnEndWithoutAnExitCodeIsNoSuccess) {
  const auto error = error_of([&] { talk(upgraded(""), R"({"Running":true,"ExitCode":0})"); });
  EXPECT_EQ(error.fault(), Fault::cut);
}

TEST_F(Hijacked, GarbageInPlaceOfAnAnswerIsCut) {
  const auto error = error_of([&] { talk(raw("hello\r\n\r\n"), ""); });
  EXPECT_EQ(error.fault(), Fault::cut);
}

TEST(Base64, DecodesBothForms) {
  for (const std::string text : {"", "a", "ab", "abc", "{\"x\": \"\xff\xfe\xfd?>\"}"}) {
    EXPECT_EQ(engine::base64_decoded(engine::base64_url(text)), text);
  }
  EXPECT_EQ(engine::base64_decoded("Kz8/Lw=="),
            "+?"
            "?/");
}

}  // namespace
}  // namespace fresh::test
