using System.Text.RegularExpressions;
using IlgpuDistance.Training.Words;

namespace IlgpuDistance.Training.Documents;

/// <summary>Writes a report as Markdown with tables as GitHub shows them; figures are the PNG files beside it.</summary>
internal static partial class MarkdownWriter
{
    /// <summary>Writes a report.</summary>
    /// <param name="report">The report.</param>
    /// <param name="output">Where it goes.</param>
    /// <param name="figureFolder">The folder of the figures, relative to the file.</param>
    public static void Write(Report report, TextWriter output, string figureFolder)
    {
        output.WriteLine($"# {Escape(report.Title)}");
        foreach (ReportSection section in report.Sections)
        {
            output.WriteLine($"\n## {Escape(section.Title)}");
            foreach (ReportBlock block in section.Blocks)
            {
                output.WriteLine();
                Write(block, output, figureFolder);
            }
        }
    }

    /// <summary>Writes a part of a report, for a document that has others.</summary>
    /// <param name="block">The part.</param>
    /// <param name="output">Where it goes.</param>
    /// <param name="figureFolder">The folder of the figures, relative to the file.</param>
    public static void Write(ReportBlock block, TextWriter output, string figureFolder)
    {
        switch (block)
        {
            case ReportParagraph paragraph:
                output.WriteLine(Escape(paragraph.Text));
                break;
            case ReportLink link:
                output.WriteLine($"[{Escape(link.Label)}]({link.Target}){Escape(link.Text)}");
                break;
            case ReportList list:
                foreach (string item in list.Items)
                    output.WriteLine($"- {Escape(item)}");
                break;
            case ReportTable table:
                Write(table, output);
                break;
            case ReportFigure { Figure: var figure, Caption: var caption }:
                output.WriteLine($"![{Escape(figure.Alternative)}]({figureFolder}/{figure.Name}.png)\n\n*{Escape(caption)}*");
                break;
            case ReportFindings findings:
                foreach (Finding finding in findings.Findings)
                    Write(finding, output);
                break;
            default:
                throw new ArgumentException($"no way to write a {block.GetType().Name} as Markdown", nameof(block));
        }
    }

    private static void Write(ReportTable table, TextWriter output)
    {
        void Row(IEnumerable<string> cells) => output.WriteLine($"| {string.Join(" | ", cells)} |");

        output.WriteLine($"*{Escape(table.Caption)}*\n");
        Row(table.Columns.Select(column => Escape(column.Heading)));
        output.WriteLine($"|{string.Concat(table.Columns.Select(column => column.IsText ? "---|" : "--:|"))}");
        foreach (IReadOnlyList<string> row in table.Rows)
            Row(row.Select(Escape));
    }

    private static void Write(Finding finding, TextWriter output)
    {
        output.WriteLine($"- **{Escape(finding.Claim)}: {finding.Verdict.InWords()}**");
        foreach (Condition condition in finding.Conditions)
            output.WriteLine($"  - {Escape(condition.Statement)}: *{condition.Verdict.InWords()}*. {Escape(condition.Evidence)}");
    }

    private static string Escape(string text) => SpecialPattern().Replace(VisibleText.OneLine(text), @"\$0");

    [GeneratedRegex(@"[\\`*_\[\]<>|~#&$]")]
    private static partial Regex SpecialPattern();
}
