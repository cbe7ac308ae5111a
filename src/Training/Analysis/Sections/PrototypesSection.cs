using IlgpuDistance.Training.Analysis.Figures;
using IlgpuDistance.Training.Documents;
using IlgpuDistance.Training.Words;

namespace IlgpuDistance.Training.Analysis.Sections;

/// <summary>The prototypes of distances.</summary>
internal static class PrototypesSection
{
    /// <summary>Writes the section; null where no network ends in distances, or it was not asked for.</summary>
    public static ReportSection? Of(AnalysisRecord record)
    {
        var described = record.Models.Select(model =>
            (Model: model, Run: model.Runs.FirstOrDefault(run => run.Prototypes is not null)))
            .Where(model => model.Run is not null).ToArray();
        if (described.Length == 0)
            return null;
        return new ReportSection("analysis-prototypes", "Prototypes",
        [
            new ReportParagraph(
                "The last layer measures for each class the distance to a prototype μ with the weights α. The images " +
                    "nearest to a prototype show what it stands for, and those " +
                "farthest from it what it is not. The closest input is found by gradient descent of the distance on the " +
                    "pixels, from the nearest image on: where it looks " +
                "like no digit, the prototype is no image of its class."),
            .. described.SelectMany((model, number) => Blocks(model.Model, model.Run!, number)),
        ]);
    }

    private static IEnumerable<ReportBlock> Blocks(ModelAnalysis model, RunAnalysis run, int number)
    {
        PrototypeAnalysis prototypes = run.Prototypes!;
        string which = run.Run is { } of ? $"{model.Name}, run {of}" : model.Name;
        yield return new ReportTable($"prototypes-{number + 1}",
            $"{which}: how many of the {prototypes.Classes[0].Nearest.Length} nearest and farthest " +
                $"{OverRuns.Images(prototypes.Split)} are of the prototype's class, " +
            "and the distances of the nearest and the farthest image and of the closest input.",
            [new("class"), new("nearest of it"), new("farthest of it"), new("nearest at"), new("farthest at"),
                new("closest input at")],
            [.. prototypes.Classes.Select(Row)]);
        yield return new ReportFigure(PrototypesFigure.Draw(model, prototypes), $"{which}: μ and α of each class.");
        yield return new ReportFigure(MontageFigure.Draw(model, prototypes),
            $"{which}: for each class the closest input, and the {OverRuns.Images(prototypes.Split)} nearest to its " +
                $"prototype and farthest from it, with their classes.");
    }

    private static string[] Row(Prototype prototype)
    {
        string Own(RankedImage[] images) => Numbers.Count(images.Count(image => image.Label == prototype.Class));
        return
        [
            Numbers.Count(prototype.Class), Own(prototype.Nearest), Own(prototype.Farthest),
            Numbers.Plain(prototype.Nearest[0].Distance),
            Numbers.Plain(prototype.Farthest[0].Distance), Numbers.Plain(prototype.Closest.Distance),
        ];
    }
}
