#include "picture.hpp"

#include <cairo.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <memory>
#include <stdexcept>

namespace digits {

namespace {

constexpr double width = 1180, height = 620;

struct rectangle {
    double x, y, w, h;
};

class canvas {
public:
    canvas()
        : surface_(cairo_image_surface_create(CAIRO_FORMAT_RGB24, static_cast<int>(width), static_cast<int>(height)),
                   cairo_surface_destroy),
          cairo_(cairo_create(surface_.get()), cairo_destroy) {
        fill({0, 0, width, height}, 1);
        cairo_select_font_face(c(), "sans-serif", CAIRO_FONT_SLANT_NORMAL, CAIRO_FONT_WEIGHT_NORMAL);
    }
    cairo_t* c() { return cairo_.get(); }

    void fill(const rectangle& r, double grey) {
        cairo_set_source_rgb(c(), grey, grey, grey);
        cairo_rectangle(c(), r.x, r.y, r.w, r.h);
        cairo_fill(c());
    }
    // align: 0 starts at x, 0.5 is centred on it, 1 ends there.
    void write(const std::string& words, double x, double y, double size, double align = 0, double grey = 0.1) {
        cairo_set_font_size(c(), size);
        cairo_text_extents_t extents;
        cairo_text_extents(c(), words.c_str(), &extents);
        cairo_set_source_rgb(c(), grey, grey, grey);
        cairo_move_to(c(), x - align * extents.x_advance, y);
        cairo_show_text(c(), words.c_str());
    }
    void save(const std::string& path) {
        const cairo_status_t status = cairo_surface_write_to_png(surface_.get(), path.c_str());
        if (status != CAIRO_STATUS_SUCCESS)
            throw std::runtime_error("cannot write " + path + ": " + cairo_status_to_string(status));
    }

private:
    std::unique_ptr<cairo_surface_t, void (*)(cairo_surface_t*)> surface_;
    std::unique_ptr<cairo_t, void (*)(cairo_t*)> cairo_;
};

std::string number(double value, const char* format) {
    char buffer[32];
    std::snprintf(buffer, sizeof buffer, format, value);
    return buffer;
}

// Loss by epoch on a logarithmic scale.
void draw_losses(canvas& on, const outcome& result, const rectangle& r) {
    on.write("Training loss by epoch", r.x, r.y - 14, 15);
    const auto& losses = result.epoch_losses;
    if (losses.empty()) return;
    const auto logarithm = [](double v) { return std::log10(std::max(v, 1e-6)); };
    const auto [least, most] = std::minmax_element(losses.begin(), losses.end());
    const double low = std::floor(logarithm(*least)), high = std::max(low + 1, std::ceil(logarithm(*most)));
    const auto y_of = [&](double v) { return r.y + r.h * (high - logarithm(v)) / (high - low); };
    cairo_set_line_width(on.c(), 1);
    for (double decade = low; decade <= high; ++decade) {
        const double y = y_of(std::pow(10, decade));
        cairo_set_source_rgb(on.c(), 0.85, 0.85, 0.85);
        cairo_move_to(on.c(), r.x, y);
        cairo_line_to(on.c(), r.x + r.w, y);
        cairo_stroke(on.c());
        on.write(number(std::pow(10, decade), "%g"), r.x - 6, y + 4, 12, 1);
    }
    const double steps = std::max<double>(1, static_cast<double>(losses.size()) - 1);
    cairo_set_source_rgb(on.c(), 0.12, 0.38, 0.68);
    cairo_set_line_width(on.c(), 2);
    cairo_new_path(on.c());
    for (std::size_t i = 0; i < losses.size(); ++i)
        cairo_line_to(on.c(), r.x + r.w * static_cast<double>(i) / steps, y_of(losses[i]));
    cairo_stroke(on.c());
    on.write("1", r.x, r.y + r.h + 18, 12, 0.5);
    on.write(std::to_string(losses.size()), r.x + r.w, r.y + r.h + 18, 12, 0.5);
}

void draw_confusion(canvas& on, const outcome& result, const rectangle& r) {
    on.write("Confusion matrix: rows are the truth, columns the answer", r.x, r.y - 34, 15);
    const double cell = r.w / 10;
    for (int truth = 0; truth < 10; ++truth) {
        on.write(std::to_string(truth), r.x - 12, r.y + (truth + 0.65) * cell, 13, 0.5);
        on.write(std::to_string(truth), r.x + (truth + 0.5) * cell, r.y - 8, 13, 0.5);
        const std::int64_t total =
            std::max<std::int64_t>(1, *std::max_element(result.confusion[truth], result.confusion[truth] + 10));
        for (int guess = 0; guess < 10; ++guess) {
            const std::int64_t count = result.confusion[truth][guess];
            const double share = static_cast<double>(count) / static_cast<double>(total);
            if (truth == guess)
                cairo_set_source_rgb(on.c(), 1 - 0.85 * share, 1 - 0.6 * share, 1 - 0.3 * share);
            else
                cairo_set_source_rgb(on.c(), 1, count > 0 ? 0.72 : 0.97, count > 0 ? 0.66 : 0.97);
            cairo_rectangle(on.c(), r.x + guess * cell + 1, r.y + truth * cell + 1, cell - 2, cell - 2);
            cairo_fill(on.c());
            if (count > 0)
                on.write(std::to_string(count), r.x + (guess + 0.5) * cell, r.y + (truth + 0.65) * cell, 13, 0.5,
                         truth == guess && share > 0.5 ? 1 : 0.1);
        }
    }
}

void draw_misread(canvas& on, const outcome& result, const rectangle& r) {
    on.write("Misread digits: truth, then answer", r.x, r.y - 14, 15);
    constexpr int columns = 16;
    constexpr double tile = 56, gap = 14;
    for (std::size_t i = 0; i < result.misread.size() && i < 2 * columns; ++i) {
        const auto& digit = result.misread[i];
        const double x = r.x + static_cast<double>(i % columns) * (tile + gap),
                     y = r.y + static_cast<double>(i / columns) * (tile + 30);
        for (int p = 0; p < 64; ++p)
            on.fill({x + (p % 8) * tile / 8, y + (p / 8) * tile / 8, tile / 8 + 0.5, tile / 8 + 0.5},
                    1 - digit.pixels[static_cast<std::size_t>(p)]);
        on.write(std::to_string(digit.truth) + " \u2192 " + std::to_string(digit.guess), x + tile / 2, y + tile + 16,
                 13, 0.5);
    }
    if (result.misread.empty()) on.write("none", r.x, r.y + 20, 13);
}

}  // namespace

void write_picture(const outcome& result, const std::string& path) {
    canvas on;
    on.write("UCI handwritten digits: " + number(100 * result.accuracy, "%.2f") +
                 " % of the held-out digits read right",
             30, 36, 20);
    draw_losses(on, result, {80, 90, 500, 290});
    draw_confusion(on, result, {730, 100, 290, 290});
    draw_misread(on, result, {30, 450, width - 60, 150});
    on.save(path);
}

}  // namespace digits
