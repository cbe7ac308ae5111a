using IlgpuDistance.Training.Data;
using IlgpuDistance.Training.Experiments.Reports.Figures;

namespace IlgpuDistance.Training.Analysis.Figures;

/// <summary>Whether outputs measure distance or intensity.</summary>
internal static class RepresentationFigure
{
    /// <summary>Draws it.</summary>
    public static Figure? Draw(AnalysisRecord record, Split split) => null;
}
