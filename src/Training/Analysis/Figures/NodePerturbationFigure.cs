using IlgpuDistance.Training.Data;
using IlgpuDistance.Training.Experiments.Reports.Figures;

namespace IlgpuDistance.Training.Analysis.Figures;

/// <summary>What clamping single nodes costs.</summary>
internal static class NodePerturbationFigure
{
    /// <summary>Draws it.</summary>
    public static Figure? Draw(AnalysisRecord record, Split split) => null;
}
