using IlgpuDistance.Training.Words;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace IlgpuDistance.Cli;

/// <summary>
/// A table whose numbers and words are whole at any width: where the columns do not fit beside each other, it goes on below
/// with the rest of them and the first once more.
/// </summary>
/// <param name="padding">Blanks on both sides of each cell.</param>
internal sealed class TextTable(int padding = 1) : Renderable
{
    /// <summary>A column of words is made narrower down to here before another goes below.</summary>
    private const int NarrowWords = 20;

    private readonly List<Column> _columns = [];
    private readonly List<string[]> _rows = [];

    private sealed record Column(string Heading, Justify Alignment, bool Wraps);

    /// <summary>Adds a column of names or words, on the left.</summary>
    /// <param name="heading">Its heading.</param>
    /// <param name="wraps">Whether cells may be broken between words.</param>
    public TextTable AddWords(string heading, bool wraps = false) => Add(new Column(heading, Justify.Left, wraps));

    /// <summary>Adds columns of numbers, which are never broken, on the right.</summary>
    /// <param name="headings">Their headings.</param>
    public TextTable AddNumbers(params IEnumerable<string> headings)
    {
        foreach (string heading in headings)
            Add(new Column(heading, Justify.Right, Wraps: false));
        return this;
    }

    /// <summary>Adds a row with a cell per column; a cell may have several lines.</summary>
    public TextTable AddRow(params string[] cells)
    {
        _rows.Add([.. cells.Select(VisibleText.Lines)]);
        return this;
    }

    /// <inheritdoc/>
    protected override IEnumerable<Segment> Render(RenderOptions options, int maxWidth) =>
        Blocks(maxWidth).SelectMany(columns => Draw(columns, options, maxWidth));

    private TextTable Add(Column column)
    {
        _columns.Add(column);
        return this;
    }

    /// <summary>The columns, by their places, that stand beside each other.</summary>
    private IEnumerable<int[]> Blocks(int width)
    {
        List<int> block = [0];
        foreach (int column in Enumerable.Range(1, _columns.Count - 1))
        {
            if (block.Count > 1 && WidthOf([.. block, column]) > width)
            {
                yield return [.. block];
                block = [0];
            }
            block.Add(column);
        }
        yield return [.. block];
    }

    /// <summary>
    /// The columns of the screen that a block needs, with the border's: one before each column and one at the end.
    /// </summary>
    private int WidthOf(IReadOnlyList<int> block) => block.Sum(column => WidthOf(column) + 2 * padding + 1) + 1;

    private int WidthOf(int place)
    {
        Column column = _columns[place];
        string[] lines = [.. _rows.Select(row => row[place]).Prepend(column.Heading).SelectMany(cell => cell.Split('\n'))];
        int whole = lines.Max(line => line.GetCellWidth());
        if (!column.Wraps)
            return whole;
        int longestWord = lines.SelectMany(line => line.Split(' ')).Max(word => word.GetCellWidth());
        return Math.Min(whole, Math.Max(longestWord, NarrowWords));
    }

    private IEnumerable<Segment> Draw(int[] block, RenderOptions options, int width)
    {
        var table = new Table { Border = TableBorder.Simple };
        string Cell(int place, string text) => _columns[place].Wraps ? Hyphenated(text, RoomOf(place, block, width)) : text;
        foreach (int place in block)
        {
            var (heading, alignment, wraps) = _columns[place];
            table.AddColumn(new TableColumn(new Text(heading)) { Alignment = alignment, NoWrap = !wraps }.Padding(padding, 0));
        }
        foreach (string[] row in _rows)
            table.AddRow(block.Select(place => new Text(Cell(place, row[place]))));
        return ((IRenderable)table).Render(options, width);
    }

    /// <summary>The columns of the screen that are left for a column of words beside the others of a block.</summary>
    private int RoomOf(int place, int[] block, int width) =>
        width - WidthOf([.. block.Where(other => other != place)]) - 2 * padding - 1;

    /// <summary>
    /// Words that are wider than there is room, as names of processors are, go on in the next line behind a hyphen.
    /// </summary>
    private static string Hyphenated(string text, int room) => string.Join('\n', text.Split('\n').Select(line =>
        string.Join(' ', line.Split(' ').Select(word =>
        {
            int hyphen = word.GetCellWidth() > room && room > 0 ? word.LastIndexOf('-', Math.Min(room, word.Length) - 1) : -1;
            return hyphen < 0 ? word : $"{word[..(hyphen + 1)]}\n{Hyphenated(word[(hyphen + 1)..], room)}";
        }))));
}
