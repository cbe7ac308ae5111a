using Spectre.Console;
using Spectre.Console.Rendering;

namespace IlgpuDistance.Cli;

/// <summary>
/// Lines that are broken between words where the terminal is too narrow. A word that is longer than a line, such as a path,
/// is left to the terminal, so that it can be copied in one piece.
/// </summary>
/// <param name="text">One line or several.</param>
internal sealed class WrappedText(string text) : Renderable
{
    /// <summary>What belongs together, such as a number and its name, is set apart from the rest by two blanks.</summary>
    private const string Gap = "  ";

    /// <summary>
    /// Breaks one line. It is broken in gaps of two blanks if that suffices; lines that follow are indented as the first.
    /// </summary>
    /// <param name="line">The line.</param>
    /// <param name="width">The columns there are.</param>
    public static IReadOnlyList<string> Lines(string line, int width)
    {
        if (line.GetCellWidth() <= width)
            return [line];
        string indent = line[..^line.TrimStart().Length];
        List<string> lines = [];
        string current = indent;
        foreach (string group in line.Split(Gap, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            bool isShort = indent.Length + group.GetCellWidth() <= width;
            string separator = Gap;
            foreach (string part in isShort ? [group] : group.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                bool isFirst = current.Length == indent.Length;
                if (!isFirst && (current + separator + part).GetCellWidth() > width)
                {
                    lines.Add(current);
                    (current, isFirst) = (indent, true);
                }
                current += isFirst ? part : separator + part;
                separator = " ";
            }
        }
        return [.. lines, current];
    }

    /// <inheritdoc/>
    protected override IEnumerable<Segment> Render(RenderOptions options, int maxWidth)
    {
        foreach (string line in text.Split('\n').SelectMany(line => Lines(line.TrimEnd('\r'), maxWidth)))
        {
            yield return new Segment(line);
            yield return Segment.LineBreak;
        }
    }
}
