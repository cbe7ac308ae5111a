using IlgpuDistance.Training.Words;

namespace IlgpuDistance.Training.Figures;

/// <summary>
/// Names as a figure shows them. Long ones, networks written as layers or the values of many options, are shortened to that in
/// which they differ from each other, and no two of them to the same.
/// </summary>
internal sealed class FigureLabels
{
    /// <summary>Names up to this length have room beside a plot.</summary>
    public const int Longest = 30;

    private const int Step = 10;
    private const string Gap = "…";

    private readonly Dictionary<string, string> _labels = [];

    /// <summary>Shortens names.</summary>
    /// <param name="names">All names that the figure shows.</param>
    /// <param name="longest">The length for which there is room; what can be told apart by more only becomes longer.</param>
    public FigureLabels(IEnumerable<string> names, int longest = Longest)
    {
        string[] all = [.. names.Distinct()], cut = [.. all.Where(name => name.Length > longest)];
        foreach (string name in all)
            _labels[name] = VisibleText.OneLine(name);
        var parts = PartsOf([.. cut.Select(name => name.Split(' '))]);
        int longestName = cut.Select(name => name.Length).DefaultIfEmpty().Max();
        for (int length = longest; length < longestName; length += Step)
        {
            string head = HeadOf(parts, length);
            foreach (var (name, part) in cut.Zip(parts))
                _labels[name] = VisibleText.OneLine(name.Length <= length ? name : Shortened(part, head, length));
            if (_labels.Values.Distinct().Count() == all.Length)
                return;
        }
        foreach (string name in cut)
            _labels[name] = VisibleText.OneLine(name);
    }

    /// <summary>How the figure shows a name.</summary>
    public string this[string name] => _labels[name];

    /// <summary>The width of the widest label; 0 where there is none.</summary>
    public float Widest => FigureStyle.WidestOf(_labels.Values);

    /// <summary>A single name, without its middle where there is no room for it.</summary>
    public static string Short(string name, int longest = Longest) => new FigureLabels([name], longest)[name];

    /// <summary>The words at the beginning that all have, and what each has of its own before those at the end.</summary>
    private static Part[] PartsOf(string[][] names)
    {
        if (names.Length < 2)
            return [.. names.Select(words => new Part([], string.Join(' ', words), ""))];
        // Something of each is its own, also where what is common at both ends overlaps, as in "a > b" and "a > b > a > b".
        int most = names.Min(words => words.Length) - 1;
        int before = Enumerable.Range(0, most).TakeWhile(i => names.All(words => words[i] == names[0][i])).Count();
        int after = Enumerable.Range(1, most - before).TakeWhile(i => names.All(words => words[^i] == names[0][^i])).Count();
        return [.. names.Select(words =>
            new Part(words[..before], string.Join(' ', words[before..^after]), after > 0 ? $" {Gap}" : ""))];
    }

    /// <summary>As many of the first words as have room before the longest of the parts: they say what it is.</summary>
    private static string HeadOf(Part[] parts, int length)
    {
        string[] words = parts[0].Before;
        if (words.Length == 0)
            return "";
        int room = length - parts.Max(part => part.Own.Length + part.After.Length);
        if (string.Join(' ', words).Length < room)
            return $"{string.Join(' ', words)} ";
        int fitting = Enumerable.Range(1, words.Length).TakeWhile(
            count => string.Join(' ', words[..count]).Length + $" {Gap} ".Length <= room).Count();
        return fitting == 0 ? $"{Gap} " : $"{string.Join(' ', words[..fitting])} {Gap} ";
    }

    /// <summary>What a name has of its own, without the middle of that where it does not suffice.</summary>
    private static string Shortened(Part part, string head, int length) => head +
        (head.Length + part.Own.Length + part.After.Length <= Math.Max(length, head.Length + length / 2)
            ? part.Own
            : $"{part.Own[..(length / 2)]}{Gap}{part.Own[^(length / 2)..]}") + part.After;

    private sealed record Part(string[] Before, string Own, string After);
}
