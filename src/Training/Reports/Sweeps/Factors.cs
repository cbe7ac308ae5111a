using System.Text.RegularExpressions;
using IlgpuDistance.Training.Records;

namespace IlgpuDistance.Training.Reports.Sweeps;

/// <summary>
/// The factors of a sweep: the options in which its variants differ, and in place of an option whose text differs in parts, as
/// <c>linear(32) > abs</c> and <c>linear(64) > relu</c> do, these parts, where each of their combinations is there.
/// </summary>
/// <param name="All">The factors; none where all variants are the same.</param>
/// <param name="Variants">The variants with their value of each factor.</param>
internal sealed partial record Factors(IReadOnlyList<Factor> All, IReadOnlyList<Factors.Variant> Variants)
{
    /// <summary>The factor that is no option of an experiment, but which models it has.</summary>
    public const string ModelName = "model";

    private const string NotGiven = "not given";

    /// <summary>A variant.</summary>
    /// <param name="Records">Its runs.</param>
    /// <param name="Levels">Its value of each factor.</param>
    internal sealed record Variant(ModelRecords Records, IReadOnlyList<string> Levels);

    /// <summary>
    /// Finds the factors of an experiment; null where it varies nothing: its models differ by name only, or not in a way that
    /// has a scale.
    /// </summary>
    public static Factors? Of(ExperimentRecords records)
    {
        // A model beside variants has no value of what they vary.
        ModelRecords[] models = records.Description.IsSweep
            ? [.. records.Models.Where(model => model.Model.Varied is not null)]
            : [.. records.Models];
        string[] options = [.. models.SelectMany(model => model.Model.Varied?.Keys ?? []).Distinct()];
        var columns = options.Select(option => (Name: option, Values: models.Select(
            model => model.Model.Varied?.GetValueOrDefault(option) ?? NotGiven).ToArray()))
            .Prepend((Name: ModelName, Values: ModelsOf(models)))
            .Where(column => column.Values.Distinct().Count() > 1).ToArray();
        Queue<char> numberLetters = new("NMKL"), wordLetters = new("ABCD");
        var found = columns.SelectMany(column => Divide(column.Name, column.Values, numberLetters, wordLetters)).ToArray();
        if (!records.Description.IsSweep && !found.Any(column => column.Factor.Numbers is not null))
            return null;
        return new Factors(
            [.. found.Select(column => column.Factor)],
            [.. models.Select((model, i) => new Variant(model, [.. found.Select(column => column.Levels[i])]))]);
    }

    /// <summary>
    /// The models as values of a factor. One width of several may have a name in the paper: it is a number among others, but
    /// where networks are not divided, every model is called here as it is everywhere else in the report.
    /// </summary>
    private static string[] ModelsOf(ModelRecords[] models)
    {
        string[] titles = [.. models.Select(model => model.Model.Title)];
        string[] networks = [.. models.Select(model => model.Model.Network)];
        bool areNamed = models.All(model => model.Model.Title != model.Model.Network);
        return !areNamed && Divide(ModelName, networks, new Queue<char>("NMKL"), new Queue<char>("ABCD")).All(
            part => part.Factor.Template is not null)
            ? networks
            : titles;
    }

    /// <summary>What tells a variant from the others, in short.</summary>
    public string LabelOf(Variant variant) =>
        All.Count == 0
            ? variant.Records.Name
            : string.Join(", ", All.Zip(variant.Levels, (factor, level) => factor.LabelOf(level)));

    /// <summary>The records with what tells variants apart for names, for figures.</summary>
    public static ExperimentRecords Labelled(ExperimentRecords records)
    {
        if (!records.Description.IsSweep || Of(records) is not { } factors)
            return records;
        var labels = factors.Variants.ToDictionary(variant => variant.Records.Model.Folder, factors.LabelOf);
        return records with
        {
            Models = [.. records.Models.Select(model => model with
            {
                Model = model.Model with { Name = labels.GetValueOrDefault(model.Model.Folder) ?? model.Name },
            })],
        };
    }

    /// <summary>An option as one factor, or as several parts of its text.</summary>
    private static IEnumerable<(Factor Factor, string[] Levels)> Divide(
        string name, string[] values, Queue<char> numberLetters, Queue<char> wordLetters)
    {
        string[] whole = [.. values.Distinct()];
        string[][] tokens = [.. values.Select(value => Token().Matches(value).Select(token => token.Value).ToArray())];
        bool isNumber = whole.All(value => Factor.NumberOf(value) is not null);
        if (isNumber || tokens.Any(text => text.Length != tokens[0].Length))
            return [(new Factor(name, null, values), values)];
        int[] places = [.. Enumerable.Range(0, tokens[0].Length).Where(i => tokens.Any(text => text[i] != tokens[0][i]))];
        long combinations = places.Aggregate(1L, (product, i) => product * tokens.Select(text => text[i]).Distinct().Count());
        Queue<char> LettersOf(int place) =>
            tokens.All(text => Factor.NumberOf(text[place]) is not null) ? numberLetters : wordLetters;
        bool isWord = tokens[0].Length == 1;
        if (isWord || combinations != whole.Length || places.GroupBy(LettersOf).Any(group => group.Count() > group.Key.Count))
            return [(new Factor(name, null, values), values)];

        string[] template = [.. tokens[0]];
        foreach (int i in places)
            template[i] = template[i][..^template[i].TrimStart().Length] + LettersOf(i).Dequeue();
        return [.. places.Select(i =>
        {
            string[] levels = [.. tokens.Select(text => text[i].Trim())];
            return (new Factor(template[i].Trim(), string.Concat(template), levels), levels);
        })];
    }

    /// <summary>A number, a word, or a single character; with the white space before it.</summary>
    [GeneratedRegex(@"\s*(\d+(\.\d+)?(e[+-]?\d+)?|[a-z][a-z0-9-]*|.)", RegexOptions.IgnoreCase | RegexOptions.Singleline)]
    private static partial Regex Token();
}
