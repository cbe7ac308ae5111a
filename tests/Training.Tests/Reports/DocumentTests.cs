using IlgpuDistance.Training.Documents;
using IlgpuDistance.Training.Figures;
using ScottPlot;

namespace IlgpuDistance.Training.Tests.Reports;

/// <summary>How a report is written down in each format, above all the characters that a format reserves.</summary>
public sealed class DocumentTests
{
    private const string Nasty = @"a|b & c_d <i>*50 %* #1 $x^2~y \ {z} ""q"" −1.6·10⁻⁵ ± α";

    private static Report ReportOf(params ReportBlock[] blocks) =>
        new("A <title> & more", [new ReportSection("first", "Section *1*", blocks)]);

    private static ReportTable TableOf(params string[][] rows) =>
        new("numbers", "A caption.", [new("model", IsText: true), new("mean")], rows);

    private static string Markdown(Report report) => Text(writer => MarkdownWriter.Write(report, writer, "pictures"));

    private static string Latex(Report report) => Text(writer => LatexWriter.Write(report, writer));

    private static string Html(Report report) => Text(writer => HtmlWriter.Write(report, writer));

    private static string Text(Action<TextWriter> write)
    {
        using var writer = new StringWriter { NewLine = "\n" };
        write(writer);
        return writer.ToString();
    }

    [Theory]
    [InlineData("100 % & #1_a", @"100 \% \& \#1\_a")]
    [InlineData(@"{a} \ $5", @"\{a\} \textbackslash{} \$5")]
    [InlineData("x^2 ~ y < z", @"x\textasciicircum{}2 \textasciitilde{} y \textless{} z")]
    [InlineData("z > w | \"v\"", @"z \textgreater{} w \textbar{} \textquotedbl{}v\textquotedbl{}")]
    [InlineData("−1.6·10⁻⁵ ± 0.1", @"$-$1.6$\cdot$10$^{-}$$^5$ $\pm$ 0.1")]
    [InlineData("α, μ ≤ 3 – 5 … ∞", @"$\alpha$, $\mu$ $\leq$ 3 \textendash{} 5 \dots{} $\infty$")]
    [InlineData("--lr ---", "-{}-lr -{}-{}-")]
    [InlineData("Zürich", "Zürich")]
    [InlineData("数\t𝑥", "[U+6570][U+0009][U+1D465]")]
    public void LaTeX_gets_its_special_characters_quoted(string text, string expected) =>
        Assert.Equal(expected, LatexWriter.Escape(text));

    [Fact]
    public void A_table_becomes_one_of_booktabs()
    {
        string latex = Latex(ReportOf(new ReportParagraph("Not in it."), TableOf(["ReLU", "95.6"], ["a_b", "–"])));
        Assert.EndsWith("""

            \begin{table}[htbp]
            \centering\small
            \caption{A caption.}\label{tab:numbers}
            \begin{tabular}{@{}lr@{}}
            \toprule
            model & mean \\
            \midrule
            ReLU & 95.6 \\
            a\_b & \textendash{} \\
            \bottomrule
            \end{tabular}
            \end{table}

            """, latex, StringComparison.Ordinal);
        Assert.DoesNotContain("Not in it", latex, StringComparison.Ordinal);
    }

    [Fact]
    public void A_long_table_may_break_across_pages()
    {
        string latex = Latex(ReportOf(TableOf([.. Enumerable.Range(0, 41).Select(i => new[] { $"m{i}", "1" })])));
        Assert.Contains(@"\begin{longtable}{@{}lr@{}}", latex, StringComparison.Ordinal);
        Assert.Equal(41 + 2, latex.Split('\n').Count(line =>
            line.EndsWith(@"& 1 \\", StringComparison.Ordinal) || line == @"model & mean \\"));
        Assert.Equal(latex.Count(c => c == '{'), latex.Count(c => c == '}'));
    }

    /// <summary>A screen is cleared, a line is begun, a direction is turned.</summary>
    private const string Hidden = "a\u001b[2J\r\nb\u0085c\u202ed\u2028e";

    [Fact]
    public void No_document_has_characters_that_are_obeyed_instead_of_shown()
    {
        Report report = new(Hidden, [new ReportSection("first", Hidden,
            [new ReportParagraph(Hidden), new ReportList([Hidden]), TableOf([Hidden, "1"]) with { Caption = Hidden }])]);
        foreach (string text in (string[])[Markdown(report), Html(report), Latex(report)])
        {
            Assert.DoesNotContain(text, character => character != '\n' && char.IsControl(
                character) || character is '\u202e' or '\u2028');
            Assert.DoesNotContain("\nb\\x85c", text, StringComparison.Ordinal);
        }
        Assert.Contains(@"| a\\x1b\[2J\\r\\nb\\x85c\\u202ed\\u2028e | 1 |", Markdown(report), StringComparison.Ordinal);
        Assert.Contains(@"<p>a\x1b[2J\r\nb\x85c\u202ed\u2028e</p>", Html(report), StringComparison.Ordinal);
    }

    [Fact]
    public void A_wide_table_becomes_several_that_repeat_the_names_of_its_rows_and_lose_nothing()
    {
        TableColumn[] columns = [new("model", IsText: true),
            .. Enumerable.Range(1, 20).Select(i => new TableColumn($"figure {i}"))];
        string[][] rows = [.. Enumerable.Range(0, 3)
            .Select(row => (string[])[$"ReLU2-Neg-{row}", .. Enumerable.Range(1, 20).Select(i => $"{row}{i:00}.25 ± 0.5")])];
        var table = new ReportTable("wide", "Many.", columns, rows);
        string latex = Latex(ReportOf(table)), html = Html(ReportOf(table));
        foreach (string text in (string[])[latex.Replace("$\\pm$", "±", StringComparison.Ordinal), html])
        {
            Assert.All(rows.SelectMany(row => row.Skip(1)), cell => Assert.Contains(cell, text, StringComparison.Ordinal));
            Assert.True(text.Split("ReLU2-Neg-0").Length - 1 >= 3);
        }
        // Computer Modern's digits are 4.25 pt wide in footnotesize, with 6 pt between columns; the text of article has 345 pt.
        foreach (string row in latex.Split('\n').Where(line => line.StartsWith("ReLU2", StringComparison.Ordinal)))
        {
            string[] cells = row.Replace("$\\pm$", "±", StringComparison.Ordinal).Replace(@" \\", "", StringComparison.Ordinal)
                .Split(" & ");
            Assert.True(cells.Sum(cell => 4.25 * cell.Length) + 6 * (cells.Length - 1) <= 345, row);
        }
        Assert.Equal(1 + (html.Split("<table").Length - 2), html.Split("The same, more columns.</p>").Length);
    }

    [Fact]
    public void A_name_of_a_model_that_is_long_is_broken_into_lines()
    {
        const string Network = "linear(24, bias: false) > abs > linear(16, bias: false) > relu > linear(10)";
        Assert.Contains(@"{@{}>{\raggedright\arraybackslash}p{0.33\linewidth}r@{}}",
            Latex(ReportOf(TableOf([Network, "1"]))), StringComparison.Ordinal);
        Assert.Contains("<td class=\"long key\" data-label=\"model\">", Html(ReportOf(TableOf([Network, "1"]))),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Markdown_shows_every_character_as_it_is()
    {
        string markdown = Markdown(ReportOf(TableOf([Nasty, "1"])));
        Assert.Contains(@"| a\|b \& c\_d \<i\>\*50 %\* \#1 \$x^2\~y \\ {z} ""q"" −1.6·10⁻⁵ ± α | 1 |", markdown,
            StringComparison.Ordinal);
        const string Beginning =
            "# A \\<title\\> \\& more\n\n## Section \\*1\\*\n\n*A caption.*\n\n| model | mean |\n|---|--:|\n";
        Assert.StartsWith(Beginning, markdown, StringComparison.Ordinal);
    }

    [Fact]
    public void Html_shows_every_character_as_it_is()
    {
        string html = Html(ReportOf(new ReportParagraph(Nasty), new ReportList([Nasty]), TableOf([Nasty, "1"])));
        const string Quoted = @"a|b &amp; c_d &lt;i&gt;*50 %* #1 $x^2~y \ {z} &quot;q&quot; −1.6·10⁻⁵ ± α";
        Assert.Equal(3, html.Split(Quoted).Length - 1);
        Assert.Contains("<title>A &lt;title&gt; &amp; more</title>", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<i>", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Verdicts_are_words_in_every_format()
    {
        Report report = ReportOf(new ReportFindings(
        [
            new Finding("A holds", [new("A > B", Verdict.Holds, "A 3, B 2")]),
            new Finding("C", [new("C", Verdict.DoesNotHold, "no"), new("D", Verdict.NotDecided, "?")]),
        ]));
        Assert.Contains("- **A holds: holds**\n  - A \\> B: *holds*. A 3, B 2\n- **C: does not hold**\n", Markdown(report),
            StringComparison.Ordinal);
        Assert.Matches("<strong>C</strong> <span class=\"verdict no\">.* does not hold</span>", Html(report));
    }

    [Fact]
    public void A_figure_is_a_file_beside_markdown_and_a_drawing_in_html()
    {
        var red = new SkiaSharp.SKPaint { Color = SkiaSharp.SKColors.Red };
        var figure = new Figure("red-dot", "A dot.", 40, 30, canvas => canvas.DrawCircle(20, 15, 5, red));
        Report report = ReportOf(new ReportFigure(figure, "A [red] dot."));
        Assert.Contains("![A dot.](pictures/red-dot.png)\n\n*A \\[red\\] dot.*", Markdown(report), StringComparison.Ordinal);
        Assert.Matches("(?s)<figure>\n<svg .*aria-label=\"A dot\\.\".*<ellipse .*<figcaption>A \\[red\\] dot\\.</figcaption>",
            Html(report));
    }

    [Fact]
    public void In_html_every_colour_of_a_figure_follows_the_page()
    {
        var figure = new Figure("colours", "All of them.", 40, 30, canvas =>
        {
            foreach (FigureColor color in FigureColor.All)
                canvas.DrawRect(1, 2, 3, 4, new SkiaSharp.SKPaint { Color = SkiaSharp.SKColor.Parse(color.Light) });
        });
        string html = figure.ToHtml();
        Assert.All(FigureColor.All, color => Assert.Contains($"fill=\"var({color.Variable})\"", html, StringComparison.Ordinal));
        Assert.DoesNotContain("\"#", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Csv_quotes_what_must_be_quoted() => Assert.Equal(
        "a,\"b,c\",\"say \"\"x\"\"\",\"two\nlines\",\n",
        Text(writer => CsvWriter.WriteLine(writer, ["a", "b,c", "say \"x\"", "two\nlines", ""])));

    [Theory]
    [InlineData(0.5, "0.500")]
    [InlineData(0.0123, "0.012")]
    [InlineData(0.00123, "0.0012")]
    [InlineData(0.99996, "1.00")]
    [InlineData(6.472849027097139e-26, "6.5·10⁻²⁶")]
    [InlineData(9.96e-4, "1.0·10⁻³")]
    [InlineData(0, "0")]
    [InlineData(double.NaN, "–")]
    public void Probabilities_are_written_to_be_read(double p, string expected) =>
        Assert.Equal(expected, IlgpuDistance.Training.Words.Numbers.Probability(p));

    [Fact]
    public void Every_model_of_the_paper_has_a_look_of_its_own_in_any_company()
    {
        string[] models = [.. IlgpuDistance.Training.Models.PaperModels.All.Select(model => model.Name), "linear(3)",
            "linear(4)"];
        IReadOnlyDictionary<string, SeriesStyle> styles = SeriesStyle.Of(models);
        Assert.Equal(models.Length, styles.Values.Distinct().Count());
        Assert.Equal(styles["Abs2-Neg"], SeriesStyle.Of(["Abs2-Neg"])["Abs2-Neg"]);
        Assert.Equal(LinePattern.Solid, styles["Abs2"].Pattern);
    }

    /// <summary>
    /// G. Machado et al. (2009): what protanopes, deuteranopes and tritanopes see of linear RGB; the identity for others.
    /// </summary>
    public static TheoryData<string, double[]> Eyes => new()
    {
        { "usual", [1, 0, 0, 0, 1, 0, 0, 0, 1] },
        { "protanope", [0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998] },
        { "deuteranope", [0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.011820, 0.042940, 0.968881] },
        { "tritanope", [1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.303900] },
    };

    // A difference of 2.3 in CIELAB is just noticeable; five times that is told apart at a glance.
    [Theory, MemberData(nameof(Eyes))]
    public void Colours_are_told_apart_by_every_eye_on_light_and_dark_pages(string eye, double[] sees)
    {
        foreach (Func<FigureColor, string> shade in new Func<FigureColor, string>[] { color => color.Light, color => color.Dark })
        {
            double[][] colors = [.. FigureColor.Series.Select(color => Lab(shade(color), sees))];
            double Distance(double[] a, double[] b) => Math.Sqrt(a.Zip(b, (x, y) => (x - y) * (x - y)).Sum());
            double nearest = colors.SelectMany((a, i) => colors.Skip(i + 1).Select(b => Distance(a, b))).Min();
            Assert.True(nearest > 11.5, $"a {eye} sees two colours only {nearest:0.0} apart");
        }
    }

    /// <summary>CIELAB (D65) of a colour, after a linear transformation of its linear RGB.</summary>
    private static double[] Lab(string hex, double[] sees)
    {
        double[] linear = [.. Convert.FromHexString(hex[1..]).Select(value => value / 255.0)
            .Select(c => c <= 0.04045 ? c / 12.92 : Math.Pow((c + 0.055) / 1.055, 2.4))];
        double[] seen = [.. Enumerable.Range(0, 3)
            .Select(i => Math.Clamp(Enumerable.Range(0, 3).Sum(j => sees[3 * i + j] * linear[j]), 0, 1))];
        double F(double x, double y, double z, double white)
        {
            double t = (x * seen[0] + y * seen[1] + z * seen[2]) / white;
            return t > 216.0 / 24389 ? Math.Cbrt(t) : (24389.0 / 27 * t + 16) / 116;
        }
        double x = F(0.4124564, 0.3575761, 0.1804375, 0.95047), y = F(0.2126729, 0.7151522, 0.0721750, 1);
        double z = F(0.0193339, 0.1191920, 0.9503041, 1.08883);
        return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
    }
}
