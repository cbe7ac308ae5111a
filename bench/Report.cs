using System.Globalization;
using Spectre.Console;

namespace IlgpuDistance.Bench;

/// <summary>Tables on standard output, for a terminal or to be pasted into a Markdown file; progress on standard error.</summary>
/// <param name="markdown">Whether tables are Markdown.</param>
internal sealed class Report(bool markdown)
{
    /// <summary>Wide enough that no line of a file or pipe is broken.</summary>
    private const int UnlimitedWidth = 10_000;

    /// <summary>Prints one line.</summary>
    public static void Line(string text = "") => Console.Out.WriteLine(text);

    /// <summary>Tells what is going on, or what is wrong with the figures.</summary>
    public static void Note(string text) => Console.Error.WriteLine(text);

    /// <summary>A number with so many digits behind the point; empty for null.</summary>
    public static string Number(double? value, int digits) =>
        value?.ToString($"N{digits}", CultureInfo.InvariantCulture) ?? "";

    /// <summary>A part of a whole in percent; empty for null.</summary>
    public static string Share(double? share) => share is { } value ? $"{Number(100 * value, 0)} %" : "";

    /// <summary>Prints a table.</summary>
    /// <param name="textColumns">The first so many columns hold text; the others hold numbers and are right-aligned.</param>
    /// <param name="headers">[columns]</param>
    /// <param name="rows">[rows][columns]</param>
    public void Table(int textColumns, string[] headers, IReadOnlyCollection<string[]> rows)
    {
        Line();
        if (markdown)
            PrintMarkdown(textColumns, headers, rows);
        else
            PrintTable(textColumns, headers, rows);
        Line();
    }

    private static void PrintMarkdown(int textColumns, string[] headers, IEnumerable<string[]> rows)
    {
        Line($"| {string.Join(" | ", headers)} |");
        Line($"|{string.Join("|", headers.Select((_, column) => column < textColumns ? "---" : "--:"))}|");
        foreach (string[] row in rows)
            Line($"| {string.Join(" | ", row)} |");
    }

    private static void PrintTable(int textColumns, string[] headers, IEnumerable<string[]> rows)
    {
        var table = new Table { Border = TableBorder.Simple };
        for (int i = 0; i < headers.Length; i++)
            table.AddColumn(new TableColumn(new Text(headers[i])) { Alignment = i < textColumns ? Justify.Left : Justify.Right });
        foreach (string[] row in rows)
            table.AddRow([.. row.Select(cell => new Text(cell))]);
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings());
        if (!console.Profile.Out.IsTerminal)
            console.Profile.Width = UnlimitedWidth;
        console.Write(table);
    }
}
