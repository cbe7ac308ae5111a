using System.Text.RegularExpressions;
using IlgpuDistance.Tests;

namespace IlgpuDistance.Library.Tests;

public sealed partial class ReadmeTests
{
    [Theory]
    [InlineData("README.md")]
    [InlineData("PACKAGE.md")]
    public void The_example_that_is_run_here_is_that_of_the_README(string readme)
    {
        string example = ExamplePattern().Match(File.ReadAllText(FileBesideTests(readme))).Groups["code"].Value;
        string[] lines = [.. example.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];
        Assert.InRange(lines.Length, 10, 20);
        string[] run = [.. File.ReadLines(FileBesideTests("ReadmeExample.cs")).Select(line => line.Trim())
            .Where(line => line.Length > 0)];
        int first = Array.IndexOf(run, lines[0]);
        Assert.True(first >= 0, $"ReadmeExample.cs has no line \"{lines[0]}\"");
        Assert.Equal(lines, run[first..^2]);
    }

    [Fact]
    public void The_example_learns_exclusive_or_and_predicts_it_with_the_saved_network()
    {
        using var folder = new TemporaryFolder();
        var (output, before) = (Console.Out, Environment.CurrentDirectory);
        using var printed = new StringWriter();
        try
        {
            Console.SetOut(printed);
            Environment.CurrentDirectory = folder.Path;
            ReadmeExample.Run();
        }
        finally
        {
            Console.SetOut(output);
            Environment.CurrentDirectory = before;
        }
        string[] lines = printed.ToString().Split(Environment.NewLine);
        Assert.Equal(["accuracy 100 %", "0 1 1 0", ""], lines);
    }

    private static string FileBesideTests(string name) => Path.Combine(AppContext.BaseDirectory, name);

    [GeneratedRegex("```csharp\n(?<code>.*?)```", RegexOptions.Singleline)]
    private static partial Regex ExamplePattern();
}
