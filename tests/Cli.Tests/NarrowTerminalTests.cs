using System.Text.RegularExpressions;
using Spectre.Console;

namespace IlgpuDistance.Cli.Tests;

/// <summary>Lines and tables where the terminal is narrow.</summary>
public sealed class NarrowTerminalTests
{
    private static string[] Draw(TextTable table, int width)
    {
        using var writer = new StringWriter();
        IAnsiConsole console = AnsiConsole.Create(
            new AnsiConsoleSettings { Out = new AnsiConsoleOutput(writer), Ansi = AnsiSupport.No });
        console.Profile.Width = width;
        console.Write(table);
        return writer.ToString().ReplaceLineEndings("\n").Split('\n');
    }

    [Theory]
    [InlineData(40)]
    [InlineData(27)]
    [InlineData(9)]
    public void A_line_is_broken_between_words_only_and_loses_none(int width)
    {
        const string Line =
            "error: --out a-path-that-is/longer/than-the-line: holds a run already (run.json); name another folder";
        IReadOnlyList<string> lines = WrappedText.Lines(Line, width);
        Assert.Equal(Line, string.Join(' ', lines));
        Assert.All(lines, line => Assert.True(line.Length <= width || !line.Contains(' ', StringComparison.Ordinal), line));
        Assert.Equal([Line], WrappedText.Lines(Line, Line.Length));
    }

    [Fact]
    public void What_belongs_together_stays_in_one_line_and_what_follows_is_indented_as_the_first() => Assert.Equal(
        ["  epoch 1/500  loss 0.1234", "  train 90.70 %  9.6 ms/epoch"],
        WrappedText.Lines("  epoch 1/500  loss 0.1234  train 90.70 %  9.6 ms/epoch", 30));

    [Fact]
    public void Letters_that_take_two_columns_count_twice() => Assert.Equal(["数据 数据", "数据"], WrappedText.Lines("数据 数据 数据", 10));

    [Theory]
    [InlineData(200)]
    [InlineData(60)]
    [InlineData(40)]
    [InlineData(26)]
    public void Every_cell_of_a_table_is_whole_at_any_width_and_below_every_heading_stands_its_column(int width)
    {
        string[] headings = ["loss", "train", "test", "per epoch", "left"];
        string[] cells = ["12345.6789", "90.70 %", "91.15 %", "123.4 ms", "01:02:03"];
        TextTable table = new TextTable().AddNumbers("epoch").AddNumbers(headings).AddRow(["4999/5000", .. cells]);
        string[] lines = Draw(table, width);
        Assert.All(lines, line => Assert.True(line.Length <= width, line));
        foreach (var (heading, cell) in headings.Zip(cells))
        {
            int head = Array.FindIndex(lines, line => Regex.IsMatch(line, $@"(^|\s){heading}(\s|$)"));
            // Behind the heading come a rule and the row, which begins with the first column.
            Assert.Contains(cell, lines[head + 2], StringComparison.Ordinal);
            Assert.Equal(lines[head].IndexOf(heading, StringComparison.Ordinal) + heading.Length,
                lines[head + 2].IndexOf(cell, StringComparison.Ordinal) + cell.Length);
            Assert.StartsWith("4999/5000", lines[head + 2].TrimStart(), StringComparison.Ordinal);
        }
        Assert.Equal(width == 200 ? 1 : 2,
            Math.Min(2, lines.Count(line => line.Contains("4999/5000", StringComparison.Ordinal))));
    }

    [Theory]
    [InlineData(40)]
    [InlineData(24)]
    public void A_word_wider_than_its_column_goes_on_behind_a_hyphen(int width)
    {
        const string Name = "pthread-skylake-avx512-Intel(R) Xeon(R)";
        TextTable table = new TextTable(padding: 0).AddWords("device").AddWords("name", wraps: true).AddRow("opencl:0", Name);
        string[] lines = [.. Draw(table, width).Select(line => line.Replace("opencl:0", "", StringComparison.Ordinal).Trim())];
        string[] parts = [.. lines.Where(line => line.Length > 0).Skip(2)];
        Assert.All(parts[..^1], part => Assert.True(part.EndsWith('-') || part.EndsWith(')'), part));
        Assert.Equal(Name, string.Concat(parts).Replace(")Xeon", ") Xeon", StringComparison.Ordinal));
    }

    [Fact]
    public void A_column_of_words_becomes_narrower_before_others_go_below()
    {
        TextTable table = new TextTable(padding: 0).AddWords("device").AddWords("name", wraps: true).AddNumbers("memory")
            .AddRow("cpu", "a processor whose name has many short words in it", "23.5 GiB");
        string[] lines = [.. Draw(table, 40).Select(line => line.TrimEnd()).Where(line => line.Length > 0)];
        Assert.All(lines, line => Assert.True(line.Length <= 40, line));
        Assert.Contains("cpu", Assert.Single(lines, line => line.Contains("23.5 GiB", StringComparison.Ordinal)),
            StringComparison.Ordinal);
        Assert.Equal(
            "a processor whose name has many short words in it",
            string.Join(' ', lines.Skip(2).Select(line =>
                line.Replace("cpu", "", StringComparison.Ordinal).Replace("23.5 GiB", "", StringComparison.Ordinal).Trim())));
    }
}
