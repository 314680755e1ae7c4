// Trains a classifier on the UCI handwritten digits and shows how well it reads digits it has not seen.
#include <unistd.h>

#include <cstdio>
#include <string>

#include <CLI/CLI.hpp>
#include <tessera/array/copy.hpp>
#include <tessera/array/host_memory.hpp>
#include <tessera/array/ops.hpp>
#include <tessera/dl/csv.hpp>
#include <tessera/dl/trainer.hpp>
#include <tessera/interop/error.hpp>

#include "device_name.hpp"
#include "model.hpp"
#include "picture.hpp"

namespace {

using tessera::array;
namespace dl = tessera::dl;

struct settings {
    std::string data = DIGITS_DATA;
    std::string device = "cpu";
    std::string picture = "digits.png";
    std::int64_t epochs = 60, batch_size = 32, runs = 1;
    std::uint64_t seed = 0;
    double learning_rate = 2e-3, least_accuracy = 0;
    bool quiet = false;
};

constexpr std::uint64_t split_seed = 20240;  // the held-out quarter is the same in every run

dl::dataset read_digits(const std::string& path, tessera::device where) {
    const dl::table table = dl::read_csv_file(path);
    const auto columns = static_cast<std::int64_t>(table.names.size());
    if (columns != 65)
        throw tessera::format_error(tessera::text(path, ": expected 64 pixels and a label, got ", columns, " columns"));
    const array pixels = slice(table.values, {tessera::whole, tessera::range(0, 64)}) / 16.0;
    const array labels = slice(table.values, {tessera::whole, 64});
    return {to(contiguous(astype(pixels, tessera::f32)), where), to(contiguous(astype(labels, tessera::i64)), where)};
}

digits::outcome judge(const digits::classifier& model, const dl::dataset& test) {
    digits::outcome result;
    const array logits = model(test.x);
    const auto guesses = to(argmax(logits, -1), tessera::cpu).to_vector<std::int64_t>();
    const auto labels = to(test.y, tessera::cpu).to_vector<std::int64_t>();
    const auto pixels = to(test.x, tessera::cpu).to_vector<double>();
    std::int64_t right = 0;
    for (std::size_t i = 0; i < labels.size(); ++i) {
        ++result.confusion[labels[i]][guesses[i]];
        right += labels[i] == guesses[i];
        if (labels[i] != guesses[i])
            result.misread.push_back({{pixels.begin() + static_cast<std::ptrdiff_t>(64 * i),
                                       pixels.begin() + static_cast<std::ptrdiff_t>(64 * i + 64)},
                                      static_cast<int>(labels[i]),
                                      static_cast<int>(guesses[i])});
    }
    result.accuracy = static_cast<double>(right) / static_cast<double>(labels.size());
    return result;
}

digits::outcome train(const dl::train_test& data, const settings& s, std::uint64_t seed, tessera::device where) {
    tessera::generator random(seed);
    digits::classifier model(random, where);
    dl::adam optimizer({.learning_rate = s.learning_rate, .weight_decay = 1e-5});
    const bool terminal = isatty(STDOUT_FILENO) != 0;
    dl::fit_options options{.epochs = s.epochs, .batch_size = s.batch_size, .seed = seed};
    if (!s.quiet)
        options.on_progress = [&](const dl::progress& now) {
            // A terminal gets one line that changes, a file a line every tenth of the way.
            if (terminal)
                std::printf("\r\033[K%s", to_string(now).c_str());
            else if (now.step * 10 / now.steps != (now.step - now.steps / now.epochs) * 10 / now.steps)
                std::printf("%s\n", to_string(now).c_str());
            std::fflush(stdout);
        };
    const dl::history history = fit(
        model, optimizer, data.train,
        [](const digits::classifier& m, const array& x, const array& y, const array& key) { return m.loss(x, y, key); },
        options);
    if (terminal && !s.quiet) std::printf("\n");
    digits::outcome result = judge(model, data.test);
    result.epoch_losses = history.epoch_losses;
    std::printf("seed %llu: %.1f s, test accuracy %.4f\n", static_cast<unsigned long long>(seed), history.seconds,
                result.accuracy);
    return result;
}

void print_confusion(const digits::outcome& result) {
    std::printf("\nconfusion matrix (rows: truth, columns: answer)\n      ");
    for (int guess = 0; guess < 10; ++guess) std::printf("%5d", guess);
    std::printf("\n");
    for (int truth = 0; truth < 10; ++truth) {
        std::printf("%5d ", truth);
        for (int guess = 0; guess < 10; ++guess)
            std::printf("%5lld", static_cast<long long>(result.confusion[truth][guess]));
        std::printf("\n");
    }
}

int run(const settings& s) {
    const tessera::device where = digits::parse_device(s.device);
    const dl::dataset all = read_digits(s.data, where);
    const dl::train_test data = dl::stratified_split(all, 0.25, split_seed);
    std::printf("%lld digits to learn from, %lld held out\n", static_cast<long long>(data.train.size()),
                static_cast<long long>(data.test.size()));

    double sum = 0;
    digits::outcome last;
    for (std::int64_t r = 0; r < s.runs; ++r) {
        last = train(data, s, s.seed + static_cast<std::uint64_t>(r), where);
        sum += last.accuracy;
    }
    const double mean = sum / static_cast<double>(s.runs);
    print_confusion(last);
    std::printf("\ntest accuracy %.4f (mean of %lld %s)\n", mean, static_cast<long long>(s.runs),
                s.runs == 1 ? "seed" : "seeds");
    if (!s.picture.empty()) {
        write_picture(last, s.picture);
        std::printf("picture: %s\n", s.picture.c_str());
    }
    if (mean < s.least_accuracy) {
        std::fprintf(stderr, "digits: test accuracy %.4f is below --least-accuracy %.4f\n", mean, s.least_accuracy);
        return 1;
    }
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    settings s;
    CLI::App app("Trains a classifier on the UCI handwritten digits, prints its accuracy on a held-out quarter and the "
                 "confusion "
                 "matrix, and draws both with the misread digits.",
                 "digits");
    app.add_option("--data", s.data, "CSV: 64 pixels 0 .. 16 and the digit, with a header row")->capture_default_str();
    app.add_option("--device", s.device, "where to compute: cpu, or KIND:INDEX of a back end")->capture_default_str();
    app.add_option("--picture", s.picture, "PNG to write; empty for none")->capture_default_str();
    app.add_option("--epochs", s.epochs, "passes over the training digits")
        ->capture_default_str()
        ->check(CLI::PositiveNumber);
    app.add_option("--batch-size", s.batch_size, "digits per step")->capture_default_str()->check(CLI::PositiveNumber);
    app.add_option("--learning-rate", s.learning_rate, "of Adam")->capture_default_str()->check(CLI::PositiveNumber);
    app.add_option("--seed", s.seed, "of the first run: initial weights, batches, dropout")->capture_default_str();
    app.add_option("--runs", s.runs, "trainings, each with the next seed")
        ->capture_default_str()
        ->check(CLI::PositiveNumber);
    app.add_option("--least-accuracy", s.least_accuracy, "fail when the mean is below")->capture_default_str();
    app.add_flag("--quiet", s.quiet, "no progress");
    CLI11_PARSE(app, argc, argv);
    try {
        return run(s);
    } catch (const std::exception& e) {
        std::fprintf(stderr, "digits: %s\n", e.what());
        return 1;
    }
}
